/** What the power board says. */
export const powerEnglish = {
  title: 'Threenines / Power',
  description:
    'Every UPS, PDU and rectifier: what runs on battery, for how long still, and what goes dark then.',
  rows: { systems: 'Systems', trends: 'Trends' },
  onBattery: {
    title: 'On battery',
    description: 'Power systems whose load runs on battery now.',
  },
  leastRuntime: {
    title: 'First to go dark in',
    description:
      'The least time left among the systems that run on battery; where none of them tells, it says so.',
  },
  allOnMains: 'all on mains',
  highestLoad: {
    title: 'Highest load',
    description: 'The output line that gives the largest share of its rated power.',
  },
  replace: {
    title: 'Batteries to replace',
    description: 'Power systems that ask for a new battery.',
  },
  alarms: {
    title: 'Own alarms',
    description: 'Alarms that the power systems themselves report now.',
  },
  noPower: 'no power system seen',
  systems: {
    title: 'Power systems',
    description: 'One line for each power system with its last readings, least charge first.',
  },
  supply: { 0: '✔ mains', 1: '✖ on battery' },
  feeds: {
    title: 'What goes dark, soonest first',
    description:
      'Devices that hang on a power system which runs on battery, directly or through others, with the time that system has left. A device below several stands once for each.',
  },
  nothingFed: 'nothing hangs on a battery now',
  charge: { title: 'Charge', description: 'Charge left in each battery.' },
  load: { title: 'Load', description: 'Share of the rated power that each output line gives.' },
  temperature: { title: 'Battery temperature', description: 'Temperature of each battery.' },
  notTold: 'no system tells',
  input: { title: 'Input voltage', description: 'Voltage of each input line.' },
  history: {
    title: 'Mains and battery over time',
    description: 'When each power system ran on battery.',
  },
};

export const powerChinese: typeof powerEnglish = {
  title: 'Threenines / 电源',
  description: '全部 UPS、PDU 与整流器：哪些在用电池、还能撑多久、届时哪些设备断电。',
  rows: { systems: '电源系统', trends: '趋势' },
  onBattery: { title: '电池供电', description: '当前由电池供电的电源系统数。' },
  leastRuntime: {
    title: '最先断电剩余',
    description: '正在用电池的系统中最短的剩余时间；均未上报时会注明。',
  },
  allOnMains: '均为市电',
  highestLoad: { title: '最高负载', description: '负载占额定功率比例最大的输出线路。' },
  replace: { title: '待换电池', description: '要求更换电池的电源系统数。' },
  alarms: { title: '自身告警', description: '电源系统当前自行上报的告警数。' },
  noPower: '未见电源系统',
  systems: { title: '电源系统列表', description: '每套电源系统一行，含最近读数，电量最低的在前。' },
  supply: { 0: '✔ 市电', 1: '✖ 电池供电' },
  feeds: {
    title: '即将断电的设备（按先后）',
    description:
      '直接或经其他设备接在正用电池的电源系统上的设备，及该系统的剩余时间。接在多套系统下的设备每套一行。',
  },
  nothingFed: '当前没有设备依赖电池',
  charge: { title: '电量', description: '各电池剩余电量。' },
  load: { title: '负载', description: '各输出线路占额定功率的比例。' },
  temperature: { title: '电池温度', description: '各电池温度。' },
  notTold: '无系统提供',
  input: { title: '输入电压', description: '各输入线路电压。' },
  history: { title: '市电与电池变化', description: '各电源系统何时由电池供电。' },
};
