import { readLinkEnd } from './devices-file.ts';
import type { DevicesFile } from './devices-schema.ts';
import { type Draft, entriesOf, isWhole } from './draft.ts';
import {
  checkNoRepeats,
  checkReference,
  checkReferences,
  type Findings,
  knownIds,
} from './findings.ts';
import { show } from './problem-text.ts';

/** Checks that each declared link joins two ports of known devices. */
export function checkLinks(findings: Findings, file: Draft<DevicesFile>): void {
  const deviceIds = knownIds(file.devices);
  for (const [index, { ends }] of entriesOf(file.links)) {
    const path = ['links', index, 'ends'];
    checkNoRepeats(findings, path, ends);
    for (const [place, text] of entriesOf(ends)) {
      const { deviceId } = readLinkEnd(text);
      checkReference(findings, [...path, place], deviceId, deviceIds, 'device');
    }
  }
}

/** Checks that each redundancy group has members of one sort, and no more needed than there are. */
export function checkGroups(findings: Findings, file: Draft<DevicesFile>): void {
  const deviceIds = knownIds(file.devices);
  const linkIds = knownIds(file.links);
  for (const [index, { devices, links, need, primary }] of entriesOf(file.redundancyGroups)) {
    const path = ['redundancyGroups', index];
    checkNoRepeats(findings, [...path, 'devices'], devices);
    checkReferences(findings, [...path, 'devices'], devices, deviceIds, 'device');
    checkNoRepeats(findings, [...path, 'links'], links);
    checkReferences(findings, [...path, 'links'], links, linkIds, 'link');
    if (!isWhole(devices) || !isWhole(links)) continue;
    const members = new Set([...devices, ...links]);
    const noun = links.length > 0 ? 'links' : 'devices';
    if (devices.length > 0 && links.length > 0) {
      findings.error(path, 'has devices and links; expected one of them');
    } else if (members.size < 2) {
      const found = `${members.size === 1 ? '1 entry' : `${members.size} entries`} (${[...members].map(show).join(', ')})`;
      findings.error([...path, noun], `has ${found}; expected at least 2`);
    }
    if (need !== null && need > members.size) {
      const message = `${need} of ${members.size} ${noun} cannot work; expected at most ${members.size}`;
      findings.error([...path, 'need'], message);
    }
    for (const [place, id] of entriesOf(primary)) {
      if (members.has(id)) continue;
      findings.error([...path, 'primary', place], `${show(id)} is no member of the group`);
    }
  }
}
