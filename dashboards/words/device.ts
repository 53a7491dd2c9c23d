/** What the device board says. */
export const deviceEnglish = {
  title: 'Threenines / Device',
  description: 'One device: whether it answers, how loaded it is, and each of its ports.',
  rows: {
    reach: 'Reachability',
    load: 'Load',
    ports: 'Ports',
    parts: 'Parts, routing and optics',
    power: 'Power',
    links: 'What hangs on what',
  },
  state: { title: 'State', description: 'The confirmed state of the device now.' },
  uptime: {
    title: 'Agent running for',
    description:
      'Time since the SNMP agent of the device started. The device counts it in 32 bits: it begins anew after 497 days.',
  },
  availability: {
    title: 'Availability this month',
    description:
      'The running calendar month: at least (unknown time counts as down) and best (it is left out). Rounded down.',
  },
  low: 'at least',
  best: 'best',
  budget: {
    title: 'Budget left this month',
    description: 'Bad time that the objective still allows the device this month.',
  },
  age: { title: 'Last answer', description: 'Time since the device last answered a poll.' },
  identity: {
    title: 'What it is',
    description: 'What the device says it is, and the profile by which it is read.',
  },
  states: { title: 'State over time', description: 'The state of the device over the range.' },
  roundTrip: {
    title: 'Round trip',
    description: 'Round trip of the last answered probe, by kind of probe.',
  },
  notProbed: 'no answer yet',
  loss: {
    title: 'Packets lost',
    description: 'Share of the packets of each round of probes that were lost, and the standard.',
  },
  meanRoundTrip: {
    title: 'Mean round trip',
    description: 'Mean round trip of each round of probes, and the standard.',
  },
  jitter: {
    title: 'Jitter',
    description:
      'Mean difference between successive round trips of a round of probes, and the standard.',
  },
  standard: 'standard',
  noProbes: 'no probes configured',
  routing: {
    title: 'Routing peers',
    description: 'State of each BGP and OSPF neighbour that the device tells of.',
  },
  noRouting: 'the device tells of no routing peer',
  parts: {
    title: 'Parts that are not well',
    description: 'Fans, power supplies, modules and the like that the device does not find good.',
  },
  allWell: 'none, or the device does not tell',
  optics: {
    title: 'Power of light and radio',
    description:
      'Transmit and receive power of optics, and signal and noise of radio, as the device tells them.',
  },
  noOptics: 'the device does not tell',
  hangsOn: {
    title: 'It hangs on',
    description: 'Its parents in the network and what feeds it, with their state now.',
  },
  hangsBelow: {
    title: 'Hangs on it',
    description: 'Devices that it is a parent of or feeds, with their state now.',
  },
  noLinks: 'none configured',
  cpu: { title: 'Processors', description: 'Share of each processor in use, one-minute average.' },
  memory: { title: 'Memory in use', description: 'Share of the main memory in use.' },
  temperature: { title: 'Temperature', description: 'Every temperature that the device reports.' },
  notTold: 'the device does not tell',
  ports: {
    title: 'Port list',
    description:
      'Every port with its state, speed, use, errors and discards a second, both directions together.',
  },
  traffic: {
    title: 'Traffic of the busiest ports',
    description: 'The ten ports that moved most; what was sent is drawn downwards.',
  },
  received: 'in',
  sent: 'out',
  errors: {
    title: 'Errors and discards',
    description: 'Ports with packets that had errors or were dropped; idle ones are left out.',
  },
  error: 'errors',
  discard: 'discards',
  noErrors: 'none',
  charge: {
    title: 'Charge and load',
    description: 'Charge of the battery and load of the output.',
  },
  chargeOf: 'charge',
  loadOf: 'load',
  runtime: {
    title: 'Runtime',
    description: 'Time the battery will last at the present load, as the device estimates it.',
  },
  noPower: 'not a power system',
};

export const deviceChinese: typeof deviceEnglish = {
  title: 'Threenines / 设备',
  description: '单台设备：是否应答、负载如何、各端口状况。',
  rows: {
    reach: '可达性',
    load: '负载',
    ports: '端口',
    parts: '部件、路由与光功率',
    power: '电源',
    links: '依赖关系',
  },
  state: { title: '状态', description: '设备当前已确认的状态。' },
  uptime: {
    title: '代理运行时长',
    description: '设备 SNMP 代理启动以来的时间。设备以 32 位计数，满 497 天后重新开始。',
  },
  availability: {
    title: '本月可用率',
    description: '当前自然月：下限（未知时间计为中断）与最佳值（不计未知时间）。向下取整。',
  },
  low: '下限',
  best: '最佳',
  budget: { title: '本月剩余预算', description: '本设备本月目标仍允许的不可用时间。' },
  age: { title: '最近应答', description: '距设备上次应答轮询的时间。' },
  identity: { title: '设备信息', description: '设备自述的身份，以及读取它所用的画像。' },
  states: { title: '状态变化', description: '所选时间内设备的状态。' },
  roundTrip: { title: '往返时延', description: '最近一次有应答探测的往返时延，按探测方式区分。' },
  notProbed: '尚无应答',
  loss: { title: '丢包率', description: '每轮探测中丢失报文的比例及其标准。' },
  meanRoundTrip: { title: '平均往返时延', description: '每轮探测的平均往返时延及其标准。' },
  jitter: { title: '抖动', description: '每轮探测中相邻往返时延之差的平均值及其标准。' },
  standard: '标准',
  noProbes: '未配置探测',
  routing: { title: '路由邻居', description: '设备上报的各 BGP、OSPF 邻居的状态。' },
  noRouting: '设备未上报路由邻居',
  parts: { title: '不正常的部件', description: '设备自身判定为不正常的风扇、电源、模块等部件。' },
  allWell: '无，或设备未提供',
  optics: {
    title: '光功率与无线功率',
    description: '设备上报的光模块收发功率，以及无线信号与噪声。',
  },
  noOptics: '设备未提供',
  hangsOn: { title: '上级设备', description: '其网络上级与供电来源，以及它们当前的状态。' },
  hangsBelow: {
    title: '下级设备',
    description: '以其为网络上级或由其供电的设备，以及它们当前的状态。',
  },
  noLinks: '未配置',
  cpu: { title: '处理器', description: '各处理器使用率，一分钟平均。' },
  memory: { title: '内存使用率', description: '主内存的使用比例。' },
  temperature: { title: '温度', description: '设备上报的全部温度。' },
  notTold: '设备未提供',
  ports: {
    title: '端口列表',
    description: '每个端口的状态、速率、使用率，以及每秒错包与丢包（两个方向合计）。',
  },
  traffic: {
    title: '最繁忙端口流量',
    description: '流量最大的十个端口；发送方向画在零线下方。',
  },
  received: '入',
  sent: '出',
  errors: { title: '错包与丢包', description: '有错包或丢包的端口；无此情况的不显示。' },
  error: '错包',
  discard: '丢包',
  noErrors: '无',
  charge: { title: '电量与负载', description: '电池电量与输出负载。' },
  chargeOf: '电量',
  loadOf: '负载',
  runtime: { title: '可供电时长', description: '设备估计的电池在当前负载下可供电的时间。' },
  noPower: '非电源设备',
};
