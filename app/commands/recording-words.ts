import type { RefusalDetail } from '../../collector/reading-detail.ts';

/** Words around what a recording says, in both languages. */
export interface RecordingWords {
  readonly noName: string;
  readonly profiles: string;
  readonly processors: string;
  readonly memory: string;
  readonly storage: string;
  readonly faults: string;
  readonly unknown: string;
  understood(count: number, all: number): string;
  unreadable(count: number): string;
  leftOut(count: number): string;
  cut(table: string, rows: number, rowsRead: number): string;
  ports(count: number): string;
  readings(count: number): string;
  refused(count: number): string;
  refusedOne(value: Pick<RefusalDetail, 'object' | 'oid' | 'raw'>, why: string): string;
  answered(count: number, oid: string): string;
  more(count: number): string;
}

export const RECORDING_WORDS: Readonly<Record<'en' | 'zh-CN', RecordingWords>> = {
  en: {
    noName: '(no name)',
    profiles: 'Profiles, and why',
    processors: 'Processors',
    memory: 'Memory',
    storage: 'Storage',
    faults: 'Faults',
    unknown: 'Answered, but not understood',
    understood: (count, all) => `${count} of ${all} objects are read`,
    unreadable: (count) => `${count} lines are not OID|TAG|VALUE and count for nothing`,
    leftOut: (count) => `the last ${count} lines are left out: the recording is too long`,
    cut: (table, rows, rowsRead) =>
      `${table} is cut: of its ${rows} rows the first ${rowsRead} are read`,
    ports: (count) => `Ports (${count})`,
    readings: (count) => `Readings (${count})`,
    refused: (count) => `Refused (${count})`,
    refusedOne: ({ object, oid, raw }, why) => `${object} ${oid} = ${raw} ${why}`,
    answered: (count, oid) => `${count} OIDs answered under ${oid}`,
    more: (count) => `and ${count} more`,
  },
  'zh-CN': {
    noName: '（无名称）',
    profiles: '适用的设备档案及原因',
    processors: '处理器',
    memory: '内存',
    storage: '存储',
    faults: '故障',
    unknown: '有应答但未能理解',
    understood: (count, all) => `共 ${all} 个对象，读取 ${count} 个`,
    unreadable: (count) => `${count} 行不是 OID|TAG|VALUE 格式，未计入`,
    leftOut: (count) => `录制文件过长，末尾 ${count} 行未读取`,
    cut: (table, rows, rowsRead) => `${table} 已截断：共 ${rows} 行，仅读取前 ${rowsRead} 行`,
    ports: (count) => `端口（${count}）`,
    readings: (count) => `读数（${count}）`,
    refused: (count) => `不采信（${count}）`,
    refusedOne: ({ object, oid, raw }, why) => `${object} ${oid} = ${raw}，${why}`,
    answered: (count, oid) => `${oid} 之下有 ${count} 个 OID 应答`,
    more: (count) => `另有 ${count} 项`,
  },
};
