import { deviceChinese } from './device.ts';
import type { Words } from './english.ts';
import { legendsChinese } from './legends.ts';
import { portChinese } from './port.ts';
import { powerChinese } from './power.ts';
import { serviceChinese } from './service.ts';
import { siteChinese } from './site.ts';
import { uptimeChinese } from './uptime.ts';

/** 看板文字，简体中文。 */
export const chinese: Words = {
  noData: '无数据',
  dataSource: '数据源',
  site: '站点',
  device: '设备',
  port: '端口',
  window: '周期',
  windows: { month: '本月', quarter: '本季', year: '本年' },
  openSite: '打开站点看板',
  openDeviceBoard: '打开设备看板',
  openPort: '打开端口看板',
  console: '控制台地址',
  consoleHint: '从本浏览器访问 Threenines 控制台的地址。',
  allBoards: 'Threenines 看板',
  openConsole: '在控制台中打开',
  openIncident: '在控制台中打开该事件',
  openDevice: '在控制台中打开该设备',
  openIncidents: '事件与响应时限',
  annotation: '事件开启',
  states: {
    up: '正常',
    'out-of-service': '停用',
    maintenance: '维护中',
    degraded: '降级',
    unknown: '未观测',
    unreachable: '不可达',
    down: '中断',
  },
  tiers: { 1: '1 特别重大', 2: '2 重大', 3: '3 较大', 4: '4 一般' },
  stages: { open: '✖ 未接手', acknowledged: '▲ 已接手', restored: '✔ 已恢复' },
  columns: {
    tier: '级别',
    title: '内容',
    site: '站点',
    device: '设备',
    age: '已持续',
    left: '剩余时间',
    used: '已用时限',
    owner: '负责人',
    stage: '阶段',
    incident: '事件',
    rule: '定级规则',
    state: '状态',
    role: '角色',
    lastAnswer: '最近应答',
    cpu: '处理器',
    memory: '内存',
    celsius: '最高温度',
    roundTrip: '往返时延',
    port: '端口',
    alias: '别名',
    index: '索引',
    oper: '状态',
    admin: '设定',
    speed: '速率',
    received: '入',
    sent: '出',
    errors: '错包',
    discards: '丢包',
    vendor: '厂商',
    model: '型号',
    os: '系统',
    profile: '画像',
    supply: '供电',
    load: '负载',
    charge: '电量',
    runtime: '可供电',
    battery: '电池',
    feed: '上联或供电',
    low: '下限',
    best: '最佳',
    coverage: '覆盖率',
    verdict: '结论',
    budget: '剩余预算',
    version: '版本',
    node: 'Node 版本',
    kind: '方式',
    part: '部件',
    loss: '丢包率',
    jitter: '抖动',
    stateAbove: '上级状态',
  },
  partStates: { 0: '✔ 正常', 1: '▲ 警告', 2: '✖ 严重', 3: '? 未知' },
  linkKinds: { network: '网络', power: '供电' },
  noc: {
    title: 'Threenines / 网管总览',
    description: '一屏看清当前需要处理的事项。网络健康时这里很安静；监控失声时显示红色。',
    tier: (tier: string) => ({
      title: `未恢复：${tier}`,
      description: `所选站点的${tier}级未恢复事件数，含已接手的。只有服务明确回答时才显示 0；没有回答时显示“无数据”。`,
    }),
    nextDeadline: {
      title: '最近时限',
      description:
        '所选站点中最先到期的响应时限的剩余时间（按级别为 15、15、30、60 分钟）。显示“ago”表示已超时且仍无人接手。',
    },
    noClock: '无计时中的事件',
    down: { title: '中断', description: '所选站点中已确认无应答的设备数。' },
    unreachable: { title: '不可达', description: '上级全部中断、因而无法判断的设备数。' },
    notObserved: {
      title: '未观测',
      description: '没有有效观测结果的设备数。其状态未知，不等于“正常”。',
    },
    incidents: {
      title: '未恢复事件',
      description:
        '每行一个未恢复事件，级别最高、剩余时间最少的在前。接手后不再计时。只有“数据时延”为绿色时，空表才表示没有事件。',
    },
    noIncidents: '没有未恢复事件（以“数据时延”为绿色为准）',
    sites: {
      title: '站点（最差设备）',
      description: '各站点最差设备的状态随时间的变化，只显示最差的二十个站点。',
    },
    onBattery: {
      title: '电池供电：剩余时间',
      description: '正由电池供电的电源系统在当前负载下的剩余时间，由该系统自行估算。',
    },
    allOnMains: '全部市电供电',
    onMains: '✔ 市电',
    runtimeNotTold: '✖ 电池供电，未上报时间',
    busiestLinks: {
      title: '最繁忙链路',
      description: '占用率最高的八个端口，取收发中较大的方向，按最近两次完整轮询计算。',
    },
    slowest: { title: '应答最慢', description: '最近五分钟往返时间最长的八台设备。' },
    lossiest: {
      title: '丢包',
      description: '最近五分钟探测丢包率最高的八台设备。需在配置中启用探测。',
    },
    nothingLost: '无丢包，或未配置探测',
    notUp: {
      title: '非正常设备数',
      description: '处于各种非正常状态的设备数。中间的空白是监控自身的缺口。',
    },
    dataAge: {
      title: '数据时延',
      description:
        '距引擎上次完成一步的时间。超过一分钟，本看板内容可能已过时；超过三分钟，必定过时。',
    },
  },
  incidents: {
    title: 'Threenines / 事件与响应时限',
    description:
      '每个事件是否在规定时间内响应（一至四级为 15、15、30、60 分钟），告警通知是否送达。',
    rows: { now: '当前', response: '响应', where: '地点与原因', pages: '通知' },
    clocks: {
      title: '计时中的事件',
      description:
        '尚无人接手的未恢复事件，剩余时间最少的在前。“已用时限”为计时开始以来已用去的响应时间比例，超过 100% 即违约。',
    },
    noClocks: '没有计时中的事件（以“数据时延”为绿色为准）',
    stages: {
      title: '各阶段事件数',
      description: '所选站点的未接手、已接手，以及已恢复但仍可能重开的事件。',
    },
    compliance: {
      title: '按时响应率',
      description: '所选时段内结束的响应计时中按时接手的比例，按级别统计。承诺为全部按时。',
    },
    nothingToAnswer: '无计时结束',
    breaches: {
      title: '每日超时次数',
      description:
        '全部站点无人接手而超时的响应计时，按级别统计：范围一周以上每日一柱，较短时按小时。每柱位于当日开始处，最后一柱尚未结束。',
    },
    timeToAcknowledge: {
      title: '接手用时',
      description: '所选时段内从计时开始到接手的时间，中位数与九成位数，按级别统计，由直方图估算。',
    },
    timeToRestore: {
      title: '恢复用时',
      description: '所选时段内从事件开启到恢复的时间，中位数与九成位数，按级别统计，由直方图估算。',
    },
    half: '半数',
    ninth: '九成',
    bySite: { title: '各站点未恢复事件', description: '未恢复事件最多的十个站点。' },
    byRule: { title: '各定级规则未恢复事件', description: '未恢复事件的级别由哪些规则确定。' },
    overTime: { title: '未恢复事件数', description: '所选站点尚未恢复的事件，按级别统计。' },
    outboxAge: {
      title: '最久未送达通知',
      description: '最早一条未送达通知已等待的时间。没有等待时为 0。',
    },
    outbox: {
      title: '通知发送状态',
      description: '引擎持有的通知：排队、已发送、已放弃、已取消。',
    },
    delivery: {
      title: '各渠道通知结果',
      description:
        '各渠道的发送尝试及其结果：sent 已发送，failed 失败待重试，rejected 被拒（不再重试）。',
    },
    deliveryTime: {
      title: '送达用时',
      description: '所选时段内各渠道 95% 的通知在此时间内被接收，含重试。',
    },
    nothingSent: '未发送',
  },
  siteBoard: siteChinese,
  deviceBoard: deviceChinese,
  portBoard: portChinese,
  powerBoard: powerChinese,
  uptimeBoard: uptimeChinese,
  serviceBoard: serviceChinese,
  legends: legendsChinese,
};
