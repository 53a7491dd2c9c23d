/** Words that teams use for the same thing in the label `severity` of an alert. */
export const CRITICAL_SEVERITIES = ['critical', 'crit', 'page', 'emergency', 'fatal', 'disaster'];
export const MAJOR_SEVERITIES = ['major', 'error', 'high', 'urgent'];
/** Mere news: it is recorded. An alert that always fires, so that its absence is noticed, is one too. */
export const NEWS_SEVERITIES: readonly string[] = [
  'none',
  'info',
  'informational',
  'information',
  'debug',
  'ok',
];
