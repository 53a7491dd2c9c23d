/** What the port board says. */
export const portEnglish = {
  title: 'Threenines / Port',
  description: 'One port of one device: its state, what it carries and what it loses.',
  rows: { traffic: 'Load', quality: 'Packets and losses', state: 'State' },
  oper: { title: 'State now', description: 'Operational state of the port.' },
  speed: { title: 'Speed', description: 'Nominal speed in one direction.' },
  p95In: {
    title: '95th percentile in',
    description:
      'Below it the port received 95 of 100 five-minute averages of the range; in the first five minutes, of what there is.',
  },
  p95Out: {
    title: '95th percentile out',
    description:
      'Below it the port sent 95 of 100 five-minute averages of the range; in the first five minutes, of what there is.',
  },
  changes: {
    title: 'Changes of state',
    description: 'How often the operational state changed in the range, as far as scrapes saw it.',
  },
  traffic: {
    title: 'Traffic',
    description: 'Bits a second; what was sent is drawn downwards.',
  },
  received: 'in',
  sent: 'out',
  utilisation: {
    title: 'Share of the speed in use',
    description: 'Between two full polls; the lines stand at 80 % and 95 %.',
  },
  packets: {
    title: 'Packets',
    description: 'Packets a second by cast; what was sent is drawn downwards.',
  },
  losses: {
    title: 'Errors and discards a second',
    description: 'Packets with errors, and packets without errors that were dropped.',
  },
  errorsIn: 'errors in',
  errorsOut: 'errors out',
  discardsIn: 'discards in',
  discardsOut: 'discards out',
  states: { title: 'State over time', description: 'Operational state over the range.' },
  names: {
    title: 'Names',
    description: 'Name, alias and index of the port as the device has them.',
  },
  optics: {
    title: 'Power of its optic',
    description: 'Transmit and receive power of the sensors that the device names after the port.',
  },
  noOptics: 'no sensor is named after the port',
  notTold: 'the device does not tell',
  operStates: {
    1: '✔ up',
    2: '✖ down',
    3: '▲ testing',
    4: '? unknown',
    5: '▲ dormant',
    6: '⊘ not present',
    7: '✖ lower layer down',
  },
  adminStates: { 1: 'up', 2: '⊘ shut', 3: '▲ testing' },
};

export const portChinese: typeof portEnglish = {
  title: 'Threenines / 端口',
  description: '单台设备的单个端口：状态、承载的流量与丢失的报文。',
  rows: { traffic: '负荷', quality: '报文与损失', state: '状态' },
  oper: { title: '当前状态', description: '端口的运行状态。' },
  speed: { title: '速率', description: '单方向标称速率。' },
  p95In: {
    title: '入向 95 百分位',
    description: '所选时间内入向五分钟均值有 95% 低于此值；最初五分钟按已有数据计算。',
  },
  p95Out: {
    title: '出向 95 百分位',
    description: '所选时间内出向五分钟均值有 95% 低于此值；最初五分钟按已有数据计算。',
  },
  changes: {
    title: '状态变化次数',
    description: '所选时间内运行状态的变化次数，以抓取所见为准。',
  },
  traffic: { title: '流量', description: '每秒比特数；发送方向画在零线下方。' },
  received: '入',
  sent: '出',
  utilisation: {
    title: '速率占用比例',
    description: '相邻两次完整轮询之间的占用；参考线为 80% 与 95%。',
  },
  packets: { title: '报文', description: '每秒报文数，按投递方式区分；发送方向画在零线下方。' },
  losses: { title: '每秒错包与丢包', description: '有错的报文，以及无错而被丢弃的报文。' },
  errorsIn: '入向错包',
  errorsOut: '出向错包',
  discardsIn: '入向丢包',
  discardsOut: '出向丢包',
  states: { title: '状态变化', description: '所选时间内的运行状态。' },
  names: { title: '名称', description: '设备给出的端口名称、别名与索引。' },
  optics: {
    title: '光模块功率',
    description: '设备以该端口命名的传感器的收发光功率。',
  },
  noOptics: '没有以该端口命名的传感器',
  notTold: '设备未提供',
  operStates: {
    1: '✔ 正常',
    2: '✖ 中断',
    3: '▲ 测试',
    4: '? 未知',
    5: '▲ 休眠',
    6: '⊘ 不在位',
    7: '✖ 下层中断',
  },
  adminStates: { 1: '启用', 2: '⊘ 关闭', 3: '▲ 测试' },
};
