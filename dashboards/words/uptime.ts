/** What the board of uptime and error budget says. */
export const uptimeEnglish = {
  title: 'Threenines / Uptime and error budget',
  description:
    'Whether the promise is kept in the running month, quarter or year: proven, missed, or not proven. The figures are those of the report before amendments; a device that moved counts at the site where it is now.',
  rows: { fleet: 'The whole fleet', sites: 'Sites', devices: 'Devices' },
  verdict: {
    title: 'Verdict',
    description:
      'Met only when it is proven even if all unknown time was down; missed only when it is missed even if all of it was up. Of the known part: less than half of the time so far was measured, or less than 95 % of what was there to be.',
  },
  verdicts: {
    0: '✔ met so far',
    1: '✔ met so far, of the known part',
    2: '? not proven so far',
    3: '? not proven so far, of the known part',
    4: '✖ missed so far',
    5: '✖ missed so far, of the known part',
  },
  availability: {
    title: 'Availability',
    description:
      'Good time divided by measured time. At least: unknown time was down. At most: it was up. Best: it is left out. Rounded down.',
  },
  bounds: { low: 'at least', best: 'best', high: 'at most' },
  objective: { title: 'Objective', description: 'The availability that is promised.' },
  coverage: {
    title: 'Coverage',
    description: 'Share of the agreed service time in which somebody was looking. Rounded down.',
  },
  budget: {
    title: 'Budget left',
    description:
      'Bad time that the objective still allows in the whole window; negative: overdrawn.',
  },
  burn: {
    title: 'Burn rate',
    description:
      'How many times faster than the objective allows budget was used: 1 uses it up exactly at the end of the window.',
  },
  lastHour: 'last hour',
  lastQuarterDay: 'last 6 hours',
  lastThreeDays: 'last 3 days',
  burnDown: {
    title: 'Budget left over time',
    description: 'What was left of the budget of each chosen site.',
  },
  sites: {
    title: 'Sites in the window',
    description: 'The figures of each site; the verdict is worst first.',
  },
  worst: {
    title: 'Longest outages',
    description:
      'The twenty devices that were down or unreachable longest in the chosen window; the figures are those of the report before amendments.',
  },
  noOutage: 'none',
  days: {
    title: 'Time in each state, day by day',
    description:
      'Device time by state, all chosen sites together: a bar a day over a week or more, hours over less. Each stands where its day begins; the last one is still running.',
  },
};

export const uptimeChinese: typeof uptimeEnglish = {
  title: 'Threenines / 可用率与误差预算',
  description:
    '当前月、季、年是否兑现承诺：已证明达标、未达标，或无法证明。数字与未经更正的报告一致；迁移过站点的设备计入其现在所在站点。',
  rows: { fleet: '全网', sites: '站点', devices: '设备' },
  verdict: {
    title: '结论',
    description:
      '即使未知时间全为中断仍达标，才算达标；即使全为正常仍不达标，才算未达标。就已知部分：至今测得的时间不足一半，或不足应测时间的 95 %。',
  },
  verdicts: {
    0: '✔ 目前达标',
    1: '✔ 目前达标（就已知部分）',
    2: '? 目前无法证明',
    3: '? 目前无法证明（就已知部分）',
    4: '✖ 目前未达标',
    5: '✖ 目前未达标（就已知部分）',
  },
  availability: {
    title: '可用率',
    description:
      '正常时间除以已测量时间。下限：未知时间计为中断；上限：计为正常；最佳：不计入。向下取整。',
  },
  bounds: { low: '下限', best: '最佳', high: '上限' },
  objective: { title: '目标', description: '承诺的可用率。' },
  coverage: { title: '覆盖率', description: '约定服务时间中有人观测的比例。向下取整。' },
  budget: {
    title: '剩余预算',
    description: '目标在整个周期内仍允许的不可用时间；负数表示已透支。',
  },
  burn: {
    title: '消耗速率',
    description: '预算消耗是目标允许速度的多少倍：1 表示恰在周期末用完。',
  },
  lastHour: '最近 1 小时',
  lastQuarterDay: '最近 6 小时',
  lastThreeDays: '最近 3 天',
  burnDown: { title: '剩余预算变化', description: '所选各站点剩余预算随时间的变化。' },
  sites: { title: '周期内各站点', description: '各站点的数字；结论最差的在前。' },
  worst: {
    title: '中断最久的设备',
    description: '所选周期内中断或不可达最久的二十台设备，数字与未经更正的报告一致。',
  },
  noOutage: '无',
  days: {
    title: '每日各状态时长',
    description:
      '所选站点全部设备处于各状态的时间合计：范围一周以上每日一柱，较短时按小时。每柱位于当日开始处，最后一柱尚未结束。',
  },
};
