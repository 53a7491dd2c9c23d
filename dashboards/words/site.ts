/** What the site board says. */
export const siteEnglish = {
  title: 'Threenines / Site',
  description: 'One site: what is not up, how its devices are, and what is left of its month.',
  rows: {
    devices: 'Devices',
    traffic: 'Traffic and climate',
    paths: 'Paths and what hangs on what',
    incidents: 'Incidents',
  },
  up: { title: 'Devices up', description: 'Devices of the site that answer and have no fault.' },
  notUp: {
    title: 'Devices not up',
    description: 'Devices of the site that are degraded, not observed, unreachable or down.',
  },
  availability: {
    title: 'Availability this month, at least',
    description:
      'The lower bound for the running calendar month: time in which nobody was looking counts as down. Rounded down.',
  },
  budget: {
    title: 'Budget left this month',
    description:
      'Bad time that the objective still allows the site this month; red when overdrawn.',
  },
  open: {
    title: 'Open incidents',
    description:
      'Open incidents whose cause is at the site, or by which devices of it are down or cut off.',
  },
  battery: {
    title: 'Mains',
    description: 'Whether any power system of the site runs on battery now.',
  },
  onMains: '✔ mains',
  onBattery: '✖ on battery',
  noPower: 'no power system seen',
  devices: {
    title: 'Device list',
    description: 'Every device of the site with its state and its last readings, worst first.',
  },
  states: {
    title: 'States of the devices',
    description: 'The state of each device over time, twenty to a page.',
  },
  busiest: {
    title: 'Busiest ports',
    description:
      'The five ports that received most and the five that sent most; what was sent is drawn downwards.',
  },
  received: 'in',
  sent: 'out',
  temperature: {
    title: 'Warmest sensor of each device',
    description: 'The highest temperature that each device reports.',
  },
  noSensor: 'no sensor',
  paths: {
    title: 'Paths against their standards',
    description:
      'Loss, mean round trip and jitter as shares of what the standard allows, the five worst of each; above 100 % the standard is broken.',
  },
  noStandards: 'no probes or no standards configured',
  topology: {
    title: 'What hangs on what',
    description:
      'Every device of the site with what it hangs on, by network and by power, and the state of both.',
  },
  noLinks: 'none configured',
  incidents: {
    title: 'Open incidents at the site',
    description:
      'One line for each open incident whose cause is at the site, or by which devices of it are down or cut off. The device is that of the cause.',
  },
};

export const siteChinese: typeof siteEnglish = {
  title: 'Threenines / 站点',
  description: '单个站点：哪些设备不正常、各设备状况如何、本月误差预算还剩多少。',
  rows: { devices: '设备', traffic: '流量与环境', paths: '链路质量与依赖关系', incidents: '事件' },
  up: { title: '正常设备', description: '本站点有应答且无故障的设备数。' },
  notUp: { title: '非正常设备', description: '本站点降级、未观测、不可达或中断的设备数。' },
  availability: {
    title: '本月可用率（下限）',
    description: '当前自然月的下限：无人观测的时间计为中断。向下取整。',
  },
  budget: {
    title: '本月剩余预算',
    description: '本站点本月目标仍允许的不可用时间；透支时为红色。',
  },
  open: {
    title: '未恢复事件',
    description: '根因在本站点，或使本站点设备中断或不可达的未恢复事件数。',
  },
  battery: { title: '市电', description: '本站点是否有电源系统正在用电池供电。' },
  onMains: '✔ 市电',
  onBattery: '✖ 电池供电',
  noPower: '未见电源系统',
  devices: { title: '设备列表', description: '本站点每台设备的状态与最近读数，最差的在前。' },
  states: { title: '设备状态', description: '各设备状态随时间的变化，每页二十台。' },
  busiest: {
    title: '最繁忙端口',
    description: '接收最多与发送最多的各五个端口；发送方向画在零线下方。',
  },
  received: '入',
  sent: '出',
  temperature: { title: '各设备最高温度', description: '每台设备上报的最高温度。' },
  noSensor: '无传感器',
  paths: {
    title: '链路质量与标准对比',
    description:
      '丢包率、平均往返时延与抖动占标准允许值的比例，各取最差的五台；超过 100% 即不达标。',
  },
  noStandards: '未配置探测或标准',
  topology: {
    title: '依赖关系',
    description: '本站点每台设备的网络上级与供电来源，以及两端的状态。',
  },
  noLinks: '未配置',
  incidents: {
    title: '本站点未恢复事件',
    description:
      '根因在本站点，或使本站点设备中断或不可达的未恢复事件，每起一行；所列设备为根因设备。',
  },
};
