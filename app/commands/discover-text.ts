import type { Discovered } from '../../collector/discovery/find-agents.ts';
import type { Proposal, ProposedDevice } from '../../collector/discovery/propose.ts';
import type { DevicesEdit, FieldValue, NewEntry } from '../../config/devices-edit.ts';
import type { Credential } from '../../config/model.ts';

const SNMP_PORT = 161;

/** A credential of the command line, and how its entry is written. */
export interface GivenCredential {
  readonly credential: Credential;
  readonly fields: readonly (readonly [string, FieldValue])[];
}

/** What the proposal does to devices.yaml. Only credentials that let someone in are written. */
export function editOf(proposal: Proposal, given: readonly GivenCredential[]): DevicesEdit {
  const used = new Set(proposal.devices.map(({ credential }) => credential));
  return {
    entries: {
      credentials: given
        .filter(({ credential }) => used.has(credential.id))
        .map(({ fields }) => ({ comments: [], fields })),
      sites: proposal.sites.map(({ id, name }) => ({
        comments: [],
        fields:
          name === id
            ? [['id', id]]
            : [
                ['id', id],
                ['name', name],
              ],
      })),
      devices: proposal.devices.map(deviceEntry),
      links: proposal.links.map(({ id, ends }) => ({
        comments: [],
        fields: [
          ['id', id],
          ['ends', ends],
        ],
      })),
    },
    keys: proposal.additions.flatMap(({ id, parents, feeds }) => [
      ...(parents.length > 0 ? [{ deviceId: id, key: 'parents', value: parents }] : []),
      ...(feeds.length > 0 ? [{ deviceId: id, key: 'feeds', value: feeds }] : []),
    ]),
  };
}

function deviceEntry(device: ProposedDevice): NewEntry {
  const { id, name, address, port, site, role, credential, parents, feeds } = device;
  const fields: [string, FieldValue][] = [['id', id]];
  if (name !== null) fields.push(['name', name]);
  fields.push(['address', address]);
  if (port !== SNMP_PORT) fields.push(['port', port]);
  fields.push(['site', site], ['role', role], ['credential', credential]);
  if (parents.length > 0) fields.push(['parents', parents]);
  if (feeds.length > 0) fields.push(['feeds', feeds]);
  return { comments: device.comments, fields };
}

/** What was found, what is worth knowing, and what would change. */
export function renderSummary({
  discovered,
  proposal,
  diff,
}: {
  readonly discovered: Discovered;
  readonly proposal: Proposal;
  readonly diff: string;
}): string {
  const { devices, silentCount } = discovered;
  const counts = `${devices.length} answered, ${silentCount} said nothing`;
  const fresh = proposal.devices.length;
  const added = proposal.additions.length;
  const lines = [
    `${counts}; ${[...newDevices(fresh), ...configured(added)].join(', ') || 'none of them new'}.`,
    ...proposal.notes.map((note) => `- ${note}`),
  ];
  if (diff === '') lines.push('', 'devices.yaml is as it should be: nothing to change.');
  else lines.push('', diff);
  return lines.join('\n');
}

function newDevices(count: number): readonly string[] {
  return count === 0 ? [] : [`${count} new ${count === 1 ? 'device' : 'devices'}`];
}

function configured(count: number): readonly string[] {
  const devices = count === 1 ? 'device' : 'devices';
  return count === 0 ? [] : [`parents or feeds added to ${count} configured ${devices}`];
}

/** What a run had found when it was interrupted: nothing of it is proposed, for half a network misleads. */
export function renderInterrupted({ devices, locked }: Discovered): string {
  const found = devices.map(({ address, port, sysName }) =>
    `  ${address} ${port} ${sysName}`.trimEnd(),
  );
  const shut = locked.map(({ address, port }) => `  ${address} ${port} lets no credential in`);
  return ['Found until then:', ...found, ...shut].join('\n');
}
