import { readFileSync } from 'node:fs';

/** Linux counts process times in hundredths of a second (`getconf CLK_TCK`). */
const TICKS_PER_SECOND = 100;
const MICROSECONDS = 1_000_000;
const KIB_PER_MB = 1024;
/** proc(5): utime and stime, counted from the field behind the program's name. */
const USER_FIELD = 11;
const SYSTEM_FIELD = 12;

/** CPU seconds, user and system, that this process has used. */
export function ownCpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / MICROSECONDS;
}

/** CPU seconds, user and system, of another process of this machine (Linux). */
export function cpuSecondsOf(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[USER_FIELD]) + Number(fields[SYSTEM_FIELD])) / TICKS_PER_SECOND;
}

/** The most memory this process has held, in MB. */
export function ownPeakMemoryMb(): number {
  return process.resourceUsage().maxRSS / KIB_PER_MB;
}

/** The most memory another process has held, in MB (Linux). */
export function peakMemoryMbOf(pid: number): number {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+)/.exec(text)?.[1] ?? Number.NaN) / KIB_PER_MB;
}
