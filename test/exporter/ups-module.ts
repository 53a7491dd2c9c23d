/**
 * Module `ups_mib` for snmp_exporter, from RFC 1628: written down apart from ours, so that one slip does
 * not make both wrong in the same way. No MIB file of it is at hand to generate it from.
 */
const GROUPS: Readonly<Record<string, string>> = {
  '1': 'IdentManufacturer:s IdentModel:s IdentUPSSoftwareVersion:s IdentAgentSoftwareVersion:s IdentName:s IdentAttachedDevices:s',
  '2': 'BatteryStatus SecondsOnBattery EstimatedMinutesRemaining EstimatedChargeRemaining BatteryVoltage BatteryCurrent BatteryTemperature',
  '3': 'InputLineBads:c InputNumLines',
  '4': 'OutputSource OutputFrequency OutputNumLines',
  '5': 'BypassFrequency BypassNumLines',
  '6': 'AlarmsPresent',
  '7': 'TestId:o TestSpinLock TestResultsSummary TestResultsDetail:s TestStartTime TestElapsedTime',
  '8': 'ShutdownType ShutdownAfterDelay StartupAfterDelay RebootWithDuration AutoRestart',
  '9': 'ConfigInputVoltage ConfigInputFreq ConfigOutputVoltage ConfigOutputFreq ConfigOutputVA ConfigOutputPower ConfigLowBattTime ConfigAudibleStatus ConfigLowVoltageTransferPoint ConfigHighVoltageTransferPoint',
};

const TABLES: readonly (readonly [entry: string, index: string, columns: string])[] = [
  ['3.3.1', 'InputLineIndex', 'InputFrequency InputVoltage InputCurrent InputTruePower'],
  ['4.4.1', 'OutputLineIndex', 'OutputVoltage OutputCurrent OutputPower OutputPercentLoad'],
  ['5.3.1', 'BypassLineIndex', 'BypassVoltage BypassCurrent BypassPower'],
  ['6.2.1', 'AlarmId', 'AlarmDescr:o AlarmTime'],
];

const TYPES: Readonly<Record<string, string>> = {
  s: 'DisplayString',
  o: 'OctetString',
  c: 'counter',
};

/** Scaled since snmp_exporter can scale, which Debian's version cannot yet. */
export const SCALED = new Map(
  ['upsBatteryVoltage', 'upsInputFrequency', 'upsOutputFrequency', 'upsBypassFrequency'].map(
    (name) => [name, 0.1],
  ),
);

/** The module in snmp_exporter's own form. */
export function upsModule(): string {
  const lines = ['ups_mib:', '  walk:'];
  for (const group of Object.keys(GROUPS)) lines.push(`  - 1.3.6.1.2.1.33.1.${group}`);
  lines.push('  metrics:');
  const add = (word: string, oid: string, index: string | null) => {
    const [name, type = ''] = word.split(':');
    lines.push(`  - name: ups${name}`, `    oid: 1.3.6.1.2.1.33.1.${oid}`);
    lines.push(`    type: ${TYPES[type] ?? 'gauge'}`, `    help: ups${name}`);
    if (index === null) return;
    lines.push('    indexes:', `    - labelname: ups${index}`, '      type: gauge');
  };
  for (const [group, words] of Object.entries(GROUPS)) {
    for (const [place, word] of words.split(' ').entries())
      add(word, `${group}.${place + 1}`, null);
  }
  for (const [entry, index, words] of TABLES) {
    for (const [place, word] of words.split(' ').entries())
      add(word, `${entry}.${place + 2}`, index);
  }
  return `${lines.join('\n')}\n`;
}
