import type { Draft } from '../draft.ts';
import { show } from '../problem-text.ts';
import type { ChannelKind } from './model.ts';
import type { ChannelEntry } from './schema.ts';

/** Whether the text is one bare mail address. Only the mail server knows whether it exists. */
export function isMailAddress(text: string): boolean {
  return /^[^\s@<>,;:"]+@[^\s@<>,;:"]+$/.test(text);
}

interface AddressRule {
  /** `needed`: none is an error; `none`: any is. */
  readonly use: 'needed' | 'optional' | 'none';
  /** `a mail address` */
  readonly noun: string;
  readonly example: string;
  readonly fits: (address: string) => boolean;
}

const ANYTHING = { noun: 'an address', example: 'address', fits: () => true };
const NOTHING: AddressRule = { use: 'none', ...ANYTHING };
/** E.164 */
const NUMBER = /^\+[1-9][0-9]{5,14}$/;
const MAIL = { noun: 'a mail address', example: 'duty@example.org', fits: isMailAddress };
const TELEPHONE: AddressRule = {
  use: 'needed',
  noun: 'a telephone number',
  example: '+8613800138000',
  fits: (address) => NUMBER.test(address),
};
const CHAT_MEMBER = {
  noun: 'a mobile number or user id',
  example: '13800138000',
  fits: (address: string) => /^[\w.@+-]{1,64}$/.test(address),
};

const RULES: Readonly<Record<ChannelKind, AddressRule>> = {
  inbox: NOTHING,
  webhook: { use: 'optional', ...ANYTHING },
  email: { use: 'needed', ...MAIL },
  slack: {
    use: 'optional',
    noun: 'the id of a Slack member or channel',
    example: 'U0123456789',
    fits: (address) => /^[A-Z][A-Z0-9]{4,30}$/.test(address),
  },
  teams: { use: 'optional', ...MAIL },
  dingtalk: { use: 'optional', ...CHAT_MEMBER },
  wecom: { use: 'optional', ...CHAT_MEMBER },
  feishu: {
    use: 'optional',
    noun: 'the open_id of a Feishu user',
    example: 'ou_0123456789abcdef',
    fits: (address) => /^ou_\w{1,60}$/.test(address),
  },
  pagerduty: NOTHING,
  'twilio-sms': TELEPHONE,
  'twilio-voice': TELEPHONE,
  ntfy: {
    use: 'optional',
    noun: 'a topic',
    example: 'duty-7f3k2m',
    fits: (address) => /^[A-Za-z0-9_-]{1,64}$/.test(address),
  },
  http: { use: 'optional', ...ANYTHING },
};

/** What is wrong with the address of a contact on this channel, as a message; null when it is right. */
export function contactProblem(
  channel: Draft<ChannelEntry>,
  address: string | null,
): string | null {
  if (channel.kind === null) return null;
  const { use, noun, example, fits } = RULES[channel.kind as ChannelKind];
  const id = show(channel.id ?? '');
  if (address === null) {
    if (use !== 'needed' && !hasNoDestination(channel)) return null;
    return `the channel ${id} needs ${noun}; expected one such as "${channel.id} ${example}"`;
  }
  if (use === 'none') return `the channel ${id} takes no address; remove ${show(address)}`;
  return fits(address) ? null : `${show(address)} is not ${noun}`;
}

/** A bot or server that would not know where to send. */
function hasNoDestination(channel: Draft<ChannelEntry>): boolean {
  if (channel.kind === 'slack') return channel.token !== undefined && channel.room === undefined;
  return channel.kind === 'ntfy' && channel.topic === undefined;
}
