import { type LocalText, say } from '../../lib/local-text.ts';

/** What the service knows of one kind of trap. */
export interface KnownTrap {
  /** snmpTrapOID without the 0 that some put before the last number; see `knownTrap`. */
  readonly oid: string;
  /** Its name in the MIB: the kind in metrics, events and the log. */
  readonly name: string;
  /** Whether its device is polled at once to see what is true; a full poll reads all that a trap can be about. */
  readonly repoll: 'device' | 'nothing';
  /** Level of the log line about it. It grades nothing: only what the poll finds does. */
  readonly severity: 'info' | 'warn';
  /** What the sender says has happened. */
  readonly meaning: LocalText;
}

/** The kind of every trap that is not in the table. */
export const OTHER_KIND = 'other';

type Row = readonly [
  suffix: string,
  name: string,
  repoll: 'device' | 'nothing',
  severity: 'info' | 'warn',
  en: string,
  zhCn: string,
];

/** SNMPv2-MIB snmpTraps, RFC 3418, and IF-MIB, RFC 2863. */
const STANDARD: readonly Row[] = [
  ['1', 'coldStart', 'device', 'warn', 'it has started anew', '设备已冷启动'],
  ['2', 'warmStart', 'device', 'info', 'its agent has started anew', '代理已热启动'],
  ['3', 'linkDown', 'device', 'warn', 'a port has lost its link', '端口链路断开'],
  ['4', 'linkUp', 'device', 'info', 'a port has its link back', '端口链路恢复'],
  [
    '5',
    'authenticationFailure',
    'nothing',
    'info',
    'somebody asked it with wrong credentials',
    '有人使用错误的凭据访问',
  ],
  ['6', 'egpNeighborLoss', 'device', 'info', 'it has lost a routing neighbour', '失去路由邻居'],
];

/** RFC 1657 §4: 15.7 in the old MIB; RFC 4273: 15.0. */
const BGP: readonly Row[] = [
  ['1', 'bgpEstablished', 'device', 'info', 'a BGP session is up', 'BGP 会话已建立'],
  ['2', 'bgpBackwardTransition', 'device', 'warn', 'a BGP session has dropped', 'BGP 会话中断'],
];

/** RFC 4750. */
const OSPF: readonly Row[] = [
  ['2', 'ospfNbrStateChange', 'device', 'info', 'an OSPF neighbour has changed', 'OSPF 邻居变化'],
];

/** RFC 4188. */
const BRIDGE: readonly Row[] = [
  ['1', 'newRoot', 'device', 'info', 'it has become the root of a spanning tree', '成为生成树根桥'],
  ['2', 'topologyChange', 'nothing', 'info', 'the spanning tree has changed', '生成树拓扑变化'],
];

/** RFC 6933. */
const ENTITY: readonly Row[] = [
  ['1', 'entConfigChange', 'device', 'info', 'its parts have changed', '硬件配置变化'],
];

/** CISCO-ENTITY-FRU-CONTROL-MIB. */
const CISCO_FRU: readonly Row[] = [
  [
    '2',
    'cefcPowerStatusChange',
    'device',
    'warn',
    'a power supply has changed',
    '电源模块状态变化',
  ],
  ['4', 'cefcFRURemoved', 'device', 'warn', 'a part was taken out', '部件被拔出'],
];

/** CISCO-ENTITY-SENSOR-MIB. */
const CISCO_SENSOR: readonly Row[] = [
  [
    '1',
    'entSensorThresholdNotification',
    'device',
    'warn',
    'a sensor has passed its limit',
    '传感器超限',
  ],
];

/** JUNIPER-MIB jnxTraps. */
const JUNIPER: readonly Row[] = [
  ['1.1', 'jnxPowerSupplyFailure', 'device', 'warn', 'a power supply has failed', '电源模块故障'],
  ['2.1', 'jnxPowerSupplyOK', 'device', 'info', 'a power supply works again', '电源模块恢复'],
];

/** RFC 1628 §4. Repeated every minute while it lasts. */
const UPS: readonly Row[] = [
  ['1', 'upsTrapOnBattery', 'device', 'warn', 'it runs on battery', '正在使用电池供电'],
  ['2', 'upsTrapTestCompleted', 'device', 'info', 'a battery test has ended', '电池测试结束'],
  ['3', 'upsTrapAlarmEntryAdded', 'device', 'warn', 'it has a new alarm', '新增告警'],
  ['4', 'upsTrapAlarmEntryRemoved', 'device', 'info', 'an alarm of it is over', '告警已消除'],
];

/** PowerNet-MIB. */
const APC: readonly Row[] = [
  ['1', 'apcCommunicationLost', 'device', 'warn', 'its card cannot reach the UPS', '通信卡失联'],
  ['2', 'apcUpsOverload', 'device', 'warn', 'it is overloaded', '过载'],
  ['4', 'apcUpsDischarged', 'device', 'warn', 'its battery is discharged', '电池已放空'],
  ['5', 'apcUpsOnBattery', 'device', 'warn', 'it runs on battery', '正在使用电池供电'],
  ['7', 'apcLowBattery', 'device', 'warn', 'its battery is nearly empty', '电池电量低'],
  ['8', 'apcCommunicationEstablished', 'device', 'info', 'its card reaches the UPS', '通信卡恢复'],
  ['9', 'apcPowerRestored', 'device', 'info', 'mains power is back', '市电恢复'],
  [
    '11',
    'apcReturnFromLowBattery',
    'device',
    'info',
    'its battery has charge again',
    '电池电量恢复',
  ],
  ['12', 'apcUpsTurnedOff', 'device', 'warn', 'it was turned off', '已关机'],
  ['17', 'apcReplaceBattery', 'device', 'warn', 'its battery wants to be replaced', '需更换电池'],
  ['20', 'apcHardwareFailureBypass', 'device', 'warn', 'it has failed over to bypass', '故障旁路'],
  ['23', 'apcReturnFromBypass', 'device', 'info', 'it is back from bypass', '退出旁路'],
  ['42', 'apcOutletOff', 'device', 'warn', 'an outlet was turned off', '插座断电'],
  ['51', 'apcChargerFailure', 'device', 'warn', 'its charger has failed', '充电器故障'],
  ['52', 'apcChargerReturn', 'device', 'info', 'its charger works again', '充电器恢复'],
  ['53', 'apcBatteryOverTemperature', 'device', 'warn', 'its battery is too warm', '电池过热'],
  [
    '54',
    'apcBatteryTemperatureCleared',
    'device',
    'info',
    'its battery has cooled down',
    '电池温度恢复',
  ],
  ['274', 'apcRackPduNearOverload', 'device', 'warn', 'it is nearly overloaded', '接近过载'],
  ['276', 'apcRackPduOverload', 'device', 'warn', 'it is overloaded', '过载'],
];

/** XUPS-MIB. */
const EATON: readonly Row[] = [
  ['3', 'xupstdOnBattery', 'device', 'warn', 'it runs on battery', '正在使用电池供电'],
  ['4', 'xupstdLowBattery', 'device', 'warn', 'its battery is nearly empty', '电池电量低'],
  ['5', 'xupstdUtilityPowerRestored', 'device', 'info', 'mains power is back', '市电恢复'],
  ['21', 'xupstdAlarmEntryAdded', 'device', 'warn', 'it has a new alarm', '新增告警'],
  ['22', 'xupstdAlarmEntryRemoved', 'device', 'info', 'an alarm of it is over', '告警已消除'],
];

/** MG-SNMP-UPS-MIB. */
const MGE: readonly Row[] = [
  ['17', 'upsmgUtilityFailure', 'device', 'warn', 'mains power has failed', '市电中断'],
  ['18', 'upsmgUtilityRestored', 'device', 'info', 'mains power is back', '市电恢复'],
];

/** HUAWEI-POWER-MIB. */
const HUAWEI: readonly Row[] = [
  ['1', 'hwRectifierFault', 'device', 'warn', 'a rectifier has failed', '整流模块故障'],
  ['2', 'hwRectifierFaultResume', 'device', 'info', 'a rectifier works again', '整流模块恢复'],
  ['13', 'hwBatteryDischarge', 'device', 'warn', 'it runs on battery', '电池放电'],
  ['15', 'hwAcInputFault', 'device', 'warn', 'mains power has failed', '交流输入故障'],
  ['16', 'hwAcInputResume', 'device', 'info', 'mains power is back', '交流输入恢复'],
  ['19', 'hwDcVoltageFault', 'device', 'warn', 'its DC voltage is out of range', '直流电压异常'],
  ['20', 'hwDcVoltageResume', 'device', 'info', 'its DC voltage is right again', '直流电压恢复'],
];

const TABLES: readonly (readonly [root: string, rows: readonly Row[]])[] = [
  ['1.3.6.1.6.3.1.1.5', STANDARD],
  ['1.3.6.1.2.1.15.7', BGP],
  ['1.3.6.1.2.1.15', BGP],
  ['1.3.6.1.2.1.14.16.2', OSPF],
  ['1.3.6.1.2.1.17', BRIDGE],
  ['1.3.6.1.2.1.47.2', ENTITY],
  ['1.3.6.1.4.1.9.9.117.2', CISCO_FRU],
  ['1.3.6.1.4.1.9.9.91.2', CISCO_SENSOR],
  ['1.3.6.1.4.1.2636.4', JUNIPER],
  ['1.3.6.1.2.1.33.2', UPS],
  ['1.3.6.1.4.1.318', APC],
  ['1.3.6.1.4.1.534.1.11.4.1', EATON],
  ['1.3.6.1.4.1.705.1.11', MGE],
  ['1.3.6.1.4.1.2011.6.164.2.1', HUAWEI],
];

/** Every kind of trap that the service knows. */
export const KNOWN_TRAPS: readonly KnownTrap[] = TABLES.flatMap(([root, rows]) =>
  rows.map(([suffix, name, repoll, severity, en, zhCn]) => {
    return { oid: `${root}.${suffix}`, name, repoll, severity, meaning: say(en, zhCn) };
  }),
);

const BY_OID: ReadonlyMap<string, KnownTrap> = new Map(KNOWN_TRAPS.map((trap) => [trap.oid, trap]));
const BY_NAME: ReadonlyMap<string, KnownTrap> = new Map(
  KNOWN_TRAPS.map((trap) => [trap.name, trap]),
);

/** Every kind there is, in one closed set. */
export const TRAP_KINDS: readonly string[] = [...BY_NAME.keys(), OTHER_KIND];

/**
 * The known trap of that snmpTrapOID, or null. The same trap is `X.N` sent as v2c and `X.0.N` sent
 * as v1 (RFC 3584 §3.1), like those of RFC 1628, or the other way round: both are taken.
 */
export function knownTrap(oid: string): KnownTrap | null {
  return BY_OID.get(oid.replace(/\.0\.(\d+)$/, '.$1')) ?? null;
}

/** What a trap of that kind says; null for `other`. */
export function meaningOfTrap(kind: string): LocalText | null {
  return BY_NAME.get(kind)?.meaning ?? null;
}
