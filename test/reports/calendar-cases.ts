/**
 * Periods of the calendar with one device, up but for the outages given, and one maintenance window
 * where there is one. Local times are wall-clock times in the zone, with an offset where one repeats.
 */
export interface CalendarCase {
  readonly name: string;
  readonly period: string;
  readonly timeZone: string;
  readonly outages: readonly (readonly [from: string, to: string])[];
  readonly window?: readonly [from: string, to: string];
  readonly lengthMs: number;
  readonly downMs: number;
  readonly maintenanceMs?: number;
  /** 0.1 % of the time under the promise, rounded down. */
  readonly budgetMs: number;
  /** Up ÷ (up + down), parts per million, rounded down. */
  readonly ratioPpm: number;
  readonly verdict: 'met' | 'missed';
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export const calendarCases: readonly CalendarCase[] = [
  {
    // 30 × 86,400,000 = 2,592,000,000; a thousandth: 2,592,000 (43 m 12 s). Down 43 m 12 s: exactly
    // 999,000 ppm, which is met.
    name: 'a month of 30 days whose whole budget is used',
    period: '2026-11',
    timeZone: 'Asia/Shanghai',
    outages: [['2026-11-10T08:00', '2026-11-10T08:43:12']],
    lengthMs: 2_592_000_000,
    downMs: 2_592_000,
    budgetMs: 2_592_000,
    ratioPpm: 999_000,
    verdict: 'met',
  },
  {
    // One millisecond more: 2,589,407,999 / 2,592,000,000 = 998,999.99… ppm, rounded down 998,999.
    name: 'a month of 30 days with one millisecond more than its budget',
    period: '2026-11',
    timeZone: 'Asia/Shanghai',
    outages: [['2026-11-10T08:00', '2026-11-10T08:43:12.001']],
    lengthMs: 2_592_000_000,
    downMs: 2_592_001,
    budgetMs: 2_592_000,
    ratioPpm: 998_999,
    verdict: 'missed',
  },
  {
    // 28 × 86,400,000 = 2,419,200,000. Down 1 h: 2,415,600,000 / 2,419,200,000 = 998,511.9.
    name: 'February of a common year',
    period: '2027-02',
    timeZone: 'Asia/Shanghai',
    outages: [['2027-02-28T12:00', '2027-02-28T13:00']],
    lengthMs: 2_419_200_000,
    downMs: HOUR,
    budgetMs: 2_419_200,
    ratioPpm: 998_511,
    verdict: 'missed',
  },
  {
    // 29 × 86,400,000 = 2,505,600,000. Down all of the leap day: 28/29 = 965,517.2.
    name: 'February of a leap year, down on the leap day',
    period: '2028-02',
    timeZone: 'Asia/Shanghai',
    outages: [['2028-02-29T00:00', '2028-03-01T00:00']],
    lengthMs: 2_505_600_000,
    downMs: DAY,
    budgetMs: 2_505_600,
    ratioPpm: 965_517,
    verdict: 'missed',
  },
  {
    // 366 × 86,400,000 = 31,622,400,000; a thousandth is 8 h 47 m 2.4 s. Down 8 h 47 m:
    // 31,620,000 ms lost, (31,622,400,000 − 31,620,000) / 31,622,400,000 = 999,000.07.
    name: 'a leap year',
    period: '2028',
    timeZone: 'UTC',
    outages: [['2028-02-29T00:00', '2028-02-29T08:47']],
    lengthMs: 31_622_400_000,
    downMs: 31_620_000,
    budgetMs: 31_622_400,
    ratioPpm: 999_000,
    verdict: 'met',
  },
  {
    // Summer time begins at 02:00: 23 h = 82,800,000. Down 01:30 to 03:30 on the wall is one hour:
    // 22/23 = 956,521.7.
    name: 'a day of 23 hours, down across the skipped hour',
    period: '2026-03-29',
    timeZone: 'Europe/Berlin',
    outages: [['2026-03-29T01:30', '2026-03-29T03:30']],
    lengthMs: 82_800_000,
    downMs: HOUR,
    budgetMs: 82_800,
    ratioPpm: 956_521,
    verdict: 'missed',
  },
  {
    // Summer time ends at 03:00: 25 h = 90,000,000. Down from the first 02:30 to the second 02:30 is
    // one hour: 24/25 = 960,000.
    name: 'a day of 25 hours, down through the repeated hour',
    period: '2026-10-25',
    timeZone: 'Europe/Berlin',
    outages: [['2026-10-25T02:30+02:00', '2026-10-25T02:30+01:00']],
    lengthMs: 90_000_000,
    downMs: HOUR,
    budgetMs: 90_000,
    ratioPpm: 960_000,
    verdict: 'missed',
  },
  {
    // 31 days less one hour: 31 × 86,400,000 − 3,600,000 = 2,674,800,000. Down 60 s:
    // 2,674,740,000 / 2,674,800,000 = 999,977.5.
    name: 'March with the beginning of summer time',
    period: '2026-03',
    timeZone: 'America/New_York',
    outages: [['2026-03-08T01:59:30', '2026-03-08T03:00:30']],
    lengthMs: 2_674_800_000,
    downMs: 60_000,
    budgetMs: 2_674_800,
    ratioPpm: 999_977,
    verdict: 'met',
  },
  {
    // 31 + 30 + 31 = 92 days and the hour that October gains: 7,948,800,000 + 3,600,000 =
    // 7,952,400,000; a thousandth: 7,952,400. Down 2 h: 7,945,200,000 / 7,952,400,000 = 999,094.6.
    name: 'a quarter with the end of summer time',
    period: '2026-Q4',
    timeZone: 'Europe/Berlin',
    outages: [['2026-10-25T01:00', '2026-10-25T02:00+01:00']],
    lengthMs: 7_952_400_000,
    downMs: 2 * HOUR,
    budgetMs: 7_952_400,
    ratioPpm: 999_094,
    verdict: 'met',
  },
  {
    // Monday 26 October to Monday 2 November: 7 days = 604,800,000. Down 10 m 4.8 s is a thousandth.
    name: 'a week across the turn of the month',
    period: '2026-W44',
    timeZone: 'Asia/Shanghai',
    outages: [['2026-10-31T23:55', '2026-11-01T00:05:04.800']],
    lengthMs: 604_800_000,
    downMs: 604_800,
    budgetMs: 604_800,
    ratioPpm: 999_000,
    verdict: 'met',
  },
  {
    // Of the outage 23:30 to 00:30 half an hour is in the month: 2,590,200,000 / 2,592,000,000 =
    // 999,305.5.
    name: 'an outage across the end of the month',
    period: '2026-11',
    timeZone: 'Asia/Shanghai',
    outages: [['2026-11-30T23:30', '2026-12-01T00:30']],
    lengthMs: 2_592_000_000,
    downMs: 1_800_000,
    budgetMs: 2_592_000,
    ratioPpm: 999_305,
    verdict: 'met',
  },
  {
    // The other half, in a month of 31 days: 2,676,600,000 / 2,678,400,000 = 999,327.9.
    name: 'an outage across the start of the month',
    period: '2026-12',
    timeZone: 'Asia/Shanghai',
    outages: [['2026-11-30T23:30', '2026-12-01T00:30']],
    lengthMs: 2_678_400_000,
    downMs: 1_800_000,
    budgetMs: 2_678_400,
    ratioPpm: 999_327,
    verdict: 'met',
  },
  {
    // Maintenance 4 h leaves 2,592,000,000 − 14,400,000 = 2,577,600,000; its thousandth is 2,577,600.
    // Down an hour before and one after the window: 2,570,400,000 / 2,577,600,000 = 997,206.7.
    name: 'maintenance leaves both sides of the fraction, and the budget',
    period: '2026-11',
    timeZone: 'Asia/Shanghai',
    outages: [['2026-11-15T01:00', '2026-11-15T07:00']],
    window: ['2026-11-15T02:00', '2026-11-15T06:00'],
    lengthMs: 2_592_000_000,
    downMs: 2 * HOUR,
    maintenanceMs: 4 * HOUR,
    budgetMs: 2_577_600,
    ratioPpm: 997_206,
    verdict: 'missed',
  },
  {
    // 02:00 to 04:00 on the wall of a day that skips 02:00 to 03:00 is one hour of maintenance: of
    // 82,800,000 remain 79,200,000. Down 03:59 to 04:01 costs one minute: 79,140,000 / 79,200,000 =
    // 999,242.4.
    name: 'maintenance over the skipped hour, overrun by a minute',
    period: '2026-03-29',
    timeZone: 'Europe/Berlin',
    outages: [['2026-03-29T03:59', '2026-03-29T04:01']],
    window: ['2026-03-29T03:00', '2026-03-29T04:00'],
    lengthMs: 82_800_000,
    downMs: 60_000,
    maintenanceMs: HOUR,
    budgetMs: 79_200,
    ratioPpm: 999_242,
    verdict: 'met',
  },
  {
    // 99.8996 % must not become 99.90: 2,592,000,000 × 0.001004 = 2,602,368 ms down leave 998,996.
    name: 'a ratio that rounding would make good',
    period: '2026-11',
    timeZone: 'UTC',
    outages: [['2026-11-01T00:00', '2026-11-01T00:43:22.368']],
    lengthMs: 2_592_000_000,
    downMs: 2_602_368,
    budgetMs: 2_592_000,
    ratioPpm: 998_996,
    verdict: 'missed',
  },
];
