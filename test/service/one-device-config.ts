import type { ConfigFiles } from './service-process.ts';

export interface OneDeviceSettings {
  readonly devicePort: number;
  readonly webhookUrl: string;
  readonly mailPort: number;
  /** YAML of the one credential, id `device`. */
  readonly credential: string;
}

export const SIGNING_KEY = 'signing-key';

/** A real configuration around one access switch: quick polls, a webhook and a mailbox. */
export function oneDeviceConfig(settings: OneDeviceSettings): ConfigFiles {
  return {
    'threenines.yaml': `
listen: 127.0.0.1:0
dataFolder: data
timeZone: UTC
polling: { heartbeat: 1s, fullPoll: 2s, timeout: 400ms, retries: 0, failuresToConfirm: 3,
           successesToClear: 2, confirm: 200ms, deadline: 2s, concurrency: 10 }
`,
    'devices.yaml': `
credentials:
  - ${settings.credential}
sites: [{ id: lab, name: Laboratory }]
devices:
  - { id: switch-1, name: Switch one, address: 127.0.0.1, port: ${settings.devicePort},
      site: lab, role: access, credential: device }
`,
    'oncall.yaml': `
people:
  - { id: duty, name: Duty, contacts: [hook, mail duty@example.org] }
channels:
  - { id: hook, kind: webhook, url: "plain:${settings.webhookUrl}", signingKey: "plain:${SIGNING_KEY}" }
  - { id: mail, kind: email, host: 127.0.0.1, port: ${settings.mailPort}, security: none,
      from: threenines@example.org }
escalationPolicies:
  - id: standard
    tiers:
      1: [{ after: 0s, people: [duty] }]
      2: [{ after: 0s, people: [duty] }]
      3: [{ after: 0s, people: [duty] }]
      4: [{ after: 0s, people: [duty] }]
`,
    'grading.yaml': `
rules:
  - { id: any-device-down, tier: 2, when: { faultKinds: [device-down] }, for: 0s }
`,
  };
}
