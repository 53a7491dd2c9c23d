import type { BadConfig } from './bad-config.ts';

const service = (text: string) => ({ 'threenines.yaml': text });

export const BAD_SERVICE: readonly BadConfig[] = [
  {
    fault: 'listen address that is none',
    files: service('listen: localhost\n'),
    expected: [
      'threenines.yaml:1: listen: "localhost" is not a listen address; expected host:port (an IP address or localhost, and a port from 0 to 65535), such as 127.0.0.1:9909 or [::1]:9909',
    ],
  },
  {
    fault: 'listen address that is only a port',
    files: service('listen: 99999\n'),
    expected: [
      'threenines.yaml:1: listen: 99999 is not a listen address; expected host:port (an IP address or localhost, and a port from 0 to 65535), such as 127.0.0.1:9909 or [::1]:9909',
    ],
  },
  {
    fault: 'listen address with too large a port',
    files: service('listen: 127.0.0.1:99999\n'),
    expected: [
      'threenines.yaml:1: listen: "127.0.0.1:99999" is not a listen address; expected host:port (an IP address or localhost, and a port from 0 to 65535), such as 127.0.0.1:9909 or [::1]:9909',
    ],
  },
  {
    fault: 'bracket that is never closed',
    files: service('listen: [\n'),
    expected: ['threenines.yaml:1: the "[" that opens here is never closed'],
  },
  {
    fault: 'listen address that other machines reach',
    files: service('listen: 0.0.0.0:9909\nconsoleUrl: https://noc.example.org\n'),
    expected: [
      'threenines.yaml:1: listen: other machines can reach "0.0.0.0:9909", and there is no sign-in yet: whoever connects sees everything and can acknowledge; listen on 127.0.0.1 behind a proxy that asks for one, or set allowRemote: true',
    ],
  },
  {
    fault: 'allowed remote address without console address',
    files: service('listen: "[::]:9909"\nallowRemote: true\n'),
    expected: [
      'threenines.yaml:1: warning: listen: other machines can reach "[::]:9909", and there is no sign-in yet: whoever connects sees everything and can acknowledge; keep it behind a proxy that asks for one',
      'threenines.yaml:1: warning: consoleUrl: is not set: links in pages would begin with the address of no machine',
    ],
  },
  {
    fault: 'console address with a password',
    files: service('consoleUrl: https://user:word@noc.example.org/\n'),
    expected: [
      'threenines.yaml:1: consoleUrl: "…@noc.example.org/" is not the address of a console; expected http(s)://name[:port][/path] without password, query or fragment',
    ],
  },
  {
    fault: 'public address with a token',
    files: service('publicUrl: ftp://noc.example.org/?token=word\n'),
    expected: [
      'threenines.yaml:1: publicUrl: "ftp://noc.example.org/?…" is not a web address; expected http(s)://name[:port][/path] without password, query or fragment',
    ],
  },
  {
    fault: 'time zone that is none',
    files: service('timeZone: Asia/Shanghia\n'),
    expected: [
      'threenines.yaml:1: timeZone: "Asia/Shanghia" is not a time zone; did you mean "Asia/Shanghai"?',
    ],
  },
  {
    fault: 'language that is none',
    files: service('language: zh\n'),
    expected: ['threenines.yaml:1: language: "zh" is not a language; expected en or zh-CN'],
  },
  {
    fault: 'durations without unit, too short and too long',
    files: service('polling:\n  heartbeat: 15\n  fullPoll: 1 minute\n'),
    expected: [
      'threenines.yaml:2: polling.heartbeat: 15 is not a duration; expected a duration such as 15s, 1m30s or 2h',
      'threenines.yaml:3: polling.fullPoll: "1 minute" is not a duration; expected a duration such as 15s, 1m30s or 2h',
    ],
  },
  {
    fault: 'durations out of bounds',
    files: service('polling:\n  heartbeat: 10ms\n  confirm: 2h\n'),
    expected: [
      'threenines.yaml:2: polling.heartbeat: 10ms is too short; expected at least 1s',
      'threenines.yaml:3: polling.confirm: 2h is too long; expected at most 1m',
    ],
  },
  {
    fault: 'weird counts',
    files: service(
      'polling:\n  retries: -1\n  failuresToConfirm: 2.5\n  concurrency: .inf\n  successesToClear: 0\n',
    ),
    expected: [
      'threenines.yaml:2: polling.retries: -1 is too small; expected at least 0',
      'threenines.yaml:3: polling.failuresToConfirm: found 2.5; expected a whole number',
      'threenines.yaml:4: polling.concurrency: found Infinity; expected a whole number',
      'threenines.yaml:5: polling.successesToClear: 0 is too small; expected at least 1',
    ],
  },
  {
    fault: 'flapping that never settles',
    files: service('flapping: { enterAbove: 3, leaveBelow: 9 }\n'),
    expected: [
      'threenines.yaml:1: flapping.leaveBelow: 9 is above enterAbove (3): flapping would never settle',
    ],
  },
  {
    fault: 'objective above everything',
    files: service('objective: 101%\n'),
    expected: [
      'threenines.yaml:1: objective: 101% cannot be reached or missed; expected more than 0% and at most 100%',
    ],
  },
  {
    fault: 'objective that is not a percentage',
    files: service('objective: 0.999\n'),
    expected: [
      'threenines.yaml:1: objective: 0.999 is not a percentage; expected a percentage such as 50% or 99.9%',
    ],
  },
  {
    fault: 'trap listener that is nowhere',
    files: service('traps: { listen: all }\n'),
    expected: [
      'threenines.yaml:1: traps.listen: "all" is not a listen address; expected host:port (an IP address or localhost, and a port from 0 to 65535), such as 127.0.0.1:9909 or [::1]:9909',
    ],
  },
  {
    fault: 'trap listener without an address',
    files: service('traps: {}\n'),
    expected: [
      'threenines.yaml:1: traps: "listen" is missing; expected host:port (an IP address or localhost, and a port from 0 to 65535), such as 127.0.0.1:9909 or [::1]:9909',
    ],
  },
  {
    fault: 'section without content',
    files: service('polling:\nflapping: none\n'),
    expected: [
      'threenines.yaml:1: polling: has no value; expected a mapping (lines of "key: value")',
      'threenines.yaml:2: flapping: found a text; expected a mapping (lines of "key: value")',
    ],
  },
  {
    fault: 'sender that would add a line to a mail',
    files: {
      'oncall.yaml':
        'channels: [{ id: mail, kind: email, host: mail.example.org, from: "a@b.example\\nBcc: c@d.example" }]\n',
    },
    expected: [
      'oncall.yaml:1: channels[0].from: "a@b.example Bcc: c@d.example" is not a line of text; expected a text on one line',
      'oncall.yaml:1: warning: escalationPolicies: nobody is paged for incidents at "hq": no policy applies there',
    ],
  },
  {
    fault: 'misnamed files',
    files: {
      'device.yaml': '',
      'grading.yml': '',
      'notes.txt': '',
      'schema/devices.schema.json': '{}',
    },
    expected: [
      'device.yaml: warning: "device.yaml" is not read; did you mean "devices.yaml"?',
      'grading.yml: warning: "grading.yml" is not read; did you mean "grading.yaml"?',
    ],
  },
  {
    fault: 'faults in several files at once',
    files: {
      ...service('language: zh\n'),
      'grading.yaml': 'rules: []\n',
      'oncall.yaml': 'people: 3\n',
    },
    expected: [
      'threenines.yaml:1: language: "zh" is not a language; expected en or zh-CN',
      'oncall.yaml:1: people: found 3; expected a list',
      'oncall.yaml:1: warning: escalationPolicies: nobody is paged for incidents at "hq": no policy applies there',
      'grading.yaml:1: rules: is empty; expected at least 1 entry',
    ],
  },
];
