import { groupOfSubject, programName, siteOfSubject } from '../../alerting/subjects.ts';
import { cleanText } from '../../lib/device-text.ts';
import type { AvailabilityReport } from '../availability-report.ts';
import type { IncidentRecord } from '../incident-records.ts';
import type { DocumentWords } from './words.ts';

const LONGEST_NAME = 40;

/** The name of what a fault is about, by its id: a device, a redundancy group, a site or a program. */
export function namesOfSubjects(report: AvailabilityReport): (subjectId: string) => string {
  const devices = new Map(report.devices.map(({ facts }) => [facts.id, facts.name]));
  const groups = new Map(report.redundancyGroups.map(({ id, name }) => [id, name]));
  const sites = new Map(report.sites.map(({ id, name }) => [id, name]));
  const elsewhere = new Map(
    report.incidents.records.flatMap(({ deviceId, rootElsewhere }) => {
      return rootElsewhere === undefined ? [] : [[deviceId, rootElsewhere.deviceName]];
    }),
  );
  return (subjectId) => {
    const groupId = groupOfSubject(subjectId);
    if (groupId !== null) return groups.get(groupId) ?? elsewhere.get(subjectId) ?? groupId;
    const siteId = siteOfSubject(subjectId);
    if (siteId !== null) return sites.get(siteId) ?? siteId;
    const name = devices.get(subjectId) ?? elsewhere.get(subjectId);
    return name ?? programName(subjectId) ?? subjectId;
  };
}

/** What an incident is about, and where that is if it is not at the site of the report. */
export function causeOf(
  { deviceId, rootElsewhere }: IncidentRecord,
  nameOf: (subjectId: string) => string,
  words: DocumentWords,
): string {
  const name = cleanText(nameOf(deviceId), LONGEST_NAME);
  if (rootElsewhere === undefined) return name;
  return words.elsewhere(name, cleanText(rootElsewhere.siteName ?? '', LONGEST_NAME));
}
