import type { LocalText } from './api-types.ts';

const say = (en: string, zhCn: string): LocalText => ({ en, 'zh-CN': zhCn });

const STATE = say('state', '状态');

/** What a reading is called, by its metric without the product's prefix. */
export const READING_NAMES: Readonly<Record<string, LocalText>> = {
  device_snmp_uptime_seconds: say('SNMP agent has run for', 'SNMP 代理已运行'),
  device_host_uptime_seconds: say('system has run for', '系统已运行'),
  cpu_utilization_ratio: say('CPU load', 'CPU 使用率'),
  memory_used_bytes: say('memory in use', '已用内存'),
  memory_size_bytes: say('memory', '内存总量'),
  storage_used_bytes: say('space in use', '已用空间'),
  storage_size_bytes: say('space', '总容量'),
  sensor_celsius: say('temperature', '温度'),
  sensor_volts: say('voltage', '电压'),
  sensor_amperes: say('current', '电流'),
  sensor_watts: say('power', '功率'),
  sensor_hertz: say('frequency', '频率'),
  sensor_humidity_ratio: say('relative humidity', '相对湿度'),
  sensor_rpm: say('fan speed', '风扇转速'),
  sensor_airflow_cubic_meters_per_minute: say('air moved', '风量'),
  sensor_volt_amperes: say('apparent power', '视在功率'),
  sensor_power_factor_ratio: say('power factor', '功率因数'),
  sensor_energy_joules: say('energy', '电能'),
  sensor_charge_ratio: say('charge', '电量'),
  sensor_runtime_seconds: say('time on battery', '电池时间'),
  sensor_load_ratio: say('load', '负载率'),
  sensor_share_ratio: say('share', '占比'),
  sensor_pascals: say('pressure', '压力'),
  sensor_dbm: say('signal power', '信号功率'),
  sensor_decibels: say('attenuation or gain', '衰减或增益'),
  sensor_duration_seconds: say('time', '时长'),
  sensor_amount: say('count', '数量'),
  component_state: STATE,
  sensor_truth: STATE,
  memory_pool_used_bytes: say('memory in use', '已用内存'),
  memory_pool_size_bytes: say('memory', '内存总量'),
  memory_pool_used_ratio: say('share of memory in use', '内存使用率'),
  storage_used_ratio: say('share of space in use', '存储使用率'),
  power_state: STATE,
  power_on_battery: say('on battery', '电池供电'),
  power_on_battery_seconds: say('time on battery', '电池供电时长'),
  power_runtime_seconds: say('battery lasts', '电池可用时间'),
  power_bypass_volts: say('bypass voltage', '旁路电压'),
  power_bypass_hertz: say('bypass frequency', '旁路频率'),
  power_bypass_amperes: say('bypass current', '旁路电流'),
  power_bypass_watts: say('bypass power', '旁路功率'),
  power_dc_volts: say('DC bus', '直流母线电压'),
  power_dc_load_amperes: say('DC load', '直流负载电流'),
  power_rectifiers: say('rectifiers', '整流模块数'),
  power_battery_replaced_timestamp_seconds: say('battery replaced', '电池更换日期'),
  power_forecast_seconds: say('power lasts', '供电可维持时间'),
  power_charge_ratio: say('battery charge', '电池电量'),
  power_battery_test: say('battery test', '电池测试'),
  power_needs_battery: say('battery needs replacing', '电池需更换'),
  power_battery_volts: say('battery voltage', '电池电压'),
  power_battery_amperes: say('battery current', '电池电流'),
  power_battery_celsius: say('battery temperature', '电池温度'),
  power_input_volts: say('input voltage', '输入电压'),
  power_input_hertz: say('input frequency', '输入频率'),
  power_input_amperes: say('input current', '输入电流'),
  power_input_watts: say('input power', '输入功率'),
  power_output_volts: say('output voltage', '输出电压'),
  power_output_hertz: say('output frequency', '输出频率'),
  power_output_amperes: say('output current', '输出电流'),
  power_output_watts: say('output power', '输出功率'),
  power_load_ratio: say('output load', '输出负载率'),
  power_alarms: say('alarms', '告警数'),
};

const YES_OR_NO = [say('no', '否'), say('yes', '是')];
const GRADES = [
  say('good', '正常'),
  say('warning', '预警'),
  say('critical', '严重'),
  say('unknown', '未知'),
];
/** Readings that are one of a few words, by their value. */
export const VALUE_NAMES: Readonly<Record<string, readonly LocalText[]>> = {
  power_state: GRADES,
  component_state: GRADES,
  power_on_battery: YES_OR_NO,
  power_battery_test: YES_OR_NO,
  power_needs_battery: YES_OR_NO,
  sensor_truth: YES_OR_NO,
};

/** Which part of a power system a reading is of. */
export const KIND_NAMES: Readonly<Record<string, LocalText>> = {
  ups: say('UPS', 'UPS'),
  pdu: say('PDU', 'PDU'),
  dc: say('DC power', '直流电源'),
  battery: say('battery', '电池'),
};
