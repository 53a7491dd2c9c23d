import type { ConfigFiles } from '../service-process.ts';

export const SIGNING_KEY = 'signing-key-of-some-length';
export const MAIL_DOMAIN = 'example.org';
/** More alerts of one site than twenty in ten minutes are one incident: many sites keep them apart. */
const SITES = 20;

/** A site for each alert in turn. */
export function siteOf(place: number): string {
  return `site-${place % SITES}`;
}

/** How many threads of its own the service polls in; null: as many as it takes by itself. */
export type Threads = number | null;

/** A service to which programs tell of alerts, and which pages two people by webhook and mail, the second after two seconds. */
export function crashConfig(webhookUrl: string, mailPort: number, threads: Threads): ConfigFiles {
  const steps = '[{ after: 0s, people: [duty] }, { after: 2s, people: [lead] }]';
  const sites = Array.from({ length: SITES }, (_, place) => siteOf(place));
  const polling = threads === null ? '' : `polling: { threads: ${threads} }\n`;
  return {
    'threenines.yaml': `listen: 127.0.0.1:0\ndataFolder: data\ntimeZone: UTC\n${polling}`,
    // Nobody answers there, and no rule makes an incident of it.
    'devices.yaml': `
credentials: [{ id: none, version: v2c, community: plain:public }]
sites:
${sites.map((id) => `  - { id: ${id}, name: ${id} }`).join('\n')}
devices:
  - { id: switch-1, name: Switch one, address: 127.0.0.1, port: 9, site: ${sites[0]}, role: access,
      credential: none }
`,
    'oncall.yaml': `
people:
  - { id: duty, name: Duty, contacts: [hook, mail duty@${MAIL_DOMAIN}] }
  - { id: lead, name: Lead, contacts: [hook, mail lead@${MAIL_DOMAIN}] }
channels:
  - { id: hook, kind: webhook, url: "plain:${webhookUrl}", signingKey: "plain:${SIGNING_KEY}" }
  - { id: mail, kind: email, host: 127.0.0.1, port: ${mailPort}, security: none,
      from: threenines@${MAIL_DOMAIN} }
delivery: { mostPages: 10000 }
escalationPolicies:
  - id: standard
    tiers: { 1: ${steps}, 2: ${steps}, 3: ${steps}, 4: ${steps} }
`,
    'grading.yaml': 'rules: [{ id: any-alert, tier: 2, when: { faultKinds: [alert] }, for: 0s }]\n',
  };
}
