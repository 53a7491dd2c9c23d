import { type ExporterModule, objectsBelow } from './exporter-module.ts';

const RFC = 'UPS-MIB (RFC 1628)';
const UPS = '1.3.6.1.2.1.33.1';
/** Only these four are scaled; currents stay in tenths of an ampere, as in snmp_exporter. */
const TENTHS = { scale: 0.1 } as const;

/** Module `ups_mib`: every group of UPS-MIB. */
export const UPS_MIB_MODULE: ExporterModule = {
  name: 'ups_mib',
  scalars: [
    ...objectsBelow(`${UPS}.1`, RFC, [
      [1, 'upsIdentManufacturer', 'text'],
      [2, 'upsIdentModel', 'text'],
      [3, 'upsIdentUPSSoftwareVersion', 'text'],
      [4, 'upsIdentAgentSoftwareVersion', 'text'],
      [5, 'upsIdentName', 'text'],
      [6, 'upsIdentAttachedDevices', 'text'],
    ]),
    ...objectsBelow(`${UPS}.2`, RFC, [
      [1, 'upsBatteryStatus', 'gauge'],
      [2, 'upsSecondsOnBattery', 'gauge'],
      [3, 'upsEstimatedMinutesRemaining', 'gauge'],
      [4, 'upsEstimatedChargeRemaining', 'gauge'],
      [5, 'upsBatteryVoltage', 'gauge', TENTHS],
      [6, 'upsBatteryCurrent', 'gauge'],
      [7, 'upsBatteryTemperature', 'gauge'],
    ]),
    ...objectsBelow(`${UPS}.3`, RFC, [
      [1, 'upsInputLineBads', 'counter'],
      [2, 'upsInputNumLines', 'gauge'],
    ]),
    ...objectsBelow(`${UPS}.4`, RFC, [
      [1, 'upsOutputSource', 'gauge'],
      [2, 'upsOutputFrequency', 'gauge', TENTHS],
      [3, 'upsOutputNumLines', 'gauge'],
    ]),
    ...objectsBelow(`${UPS}.5`, RFC, [
      [1, 'upsBypassFrequency', 'gauge', TENTHS],
      [2, 'upsBypassNumLines', 'gauge'],
    ]),
    ...objectsBelow(`${UPS}.6`, RFC, [[1, 'upsAlarmsPresent', 'gauge']]),
    ...objectsBelow(`${UPS}.7`, RFC, [
      [1, 'upsTestId', 'octets'],
      [2, 'upsTestSpinLock', 'gauge'],
      [3, 'upsTestResultsSummary', 'gauge'],
      [4, 'upsTestResultsDetail', 'text'],
      [5, 'upsTestStartTime', 'gauge'],
      [6, 'upsTestElapsedTime', 'gauge'],
    ]),
    ...objectsBelow(`${UPS}.8`, RFC, [
      [1, 'upsShutdownType', 'gauge'],
      [2, 'upsShutdownAfterDelay', 'gauge'],
      [3, 'upsStartupAfterDelay', 'gauge'],
      [4, 'upsRebootWithDuration', 'gauge'],
      [5, 'upsAutoRestart', 'gauge'],
    ]),
    ...objectsBelow(`${UPS}.9`, RFC, [
      [1, 'upsConfigInputVoltage', 'gauge'],
      [2, 'upsConfigInputFreq', 'gauge'],
      [3, 'upsConfigOutputVoltage', 'gauge'],
      [4, 'upsConfigOutputFreq', 'gauge'],
      [5, 'upsConfigOutputVA', 'gauge'],
      [6, 'upsConfigOutputPower', 'gauge'],
      [7, 'upsConfigLowBattTime', 'gauge'],
      [8, 'upsConfigAudibleStatus', 'gauge'],
      [9, 'upsConfigLowVoltageTransferPoint', 'gauge'],
      [10, 'upsConfigHighVoltageTransferPoint', 'gauge'],
    ]),
  ],
  tables: [
    {
      indexLabel: 'upsInputLineIndex',
      lookups: [],
      columns: objectsBelow(`${UPS}.3.3.1`, RFC, [
        [2, 'upsInputFrequency', 'gauge', TENTHS],
        [3, 'upsInputVoltage', 'gauge'],
        [4, 'upsInputCurrent', 'gauge'],
        [5, 'upsInputTruePower', 'gauge'],
      ]),
    },
    {
      indexLabel: 'upsOutputLineIndex',
      lookups: [],
      columns: objectsBelow(`${UPS}.4.4.1`, RFC, [
        [2, 'upsOutputVoltage', 'gauge'],
        [3, 'upsOutputCurrent', 'gauge'],
        [4, 'upsOutputPower', 'gauge'],
        [5, 'upsOutputPercentLoad', 'gauge'],
      ]),
    },
    {
      indexLabel: 'upsBypassLineIndex',
      lookups: [],
      columns: objectsBelow(`${UPS}.5.3.1`, RFC, [
        [2, 'upsBypassVoltage', 'gauge'],
        [3, 'upsBypassCurrent', 'gauge'],
        [4, 'upsBypassPower', 'gauge'],
      ]),
    },
    {
      indexLabel: 'upsAlarmId',
      lookups: [],
      columns: objectsBelow(`${UPS}.6.2.1`, RFC, [
        [2, 'upsAlarmDescr', 'octets'],
        [3, 'upsAlarmTime', 'gauge'],
      ]),
    },
  ],
};
