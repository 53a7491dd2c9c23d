import type { Language } from '../config/model.ts';

const english = {
  heading: (incident: string) => `Incident ${incident}`,
  fault: 'Fault',
  site: 'Site',
  tier: 'Tier',
  because: 'Because',
  since: 'Since',
  affected: 'Affects',
  devices: (count: number) => (count === 1 ? '1 device' : `${count} devices`),
  deadline: 'Acknowledge by',
  left: (duration: string) => `${duration} left`,
  missed: (duration: string) => `missed ${duration} ago`,
  button: 'Acknowledge',
  asWhom: (name: string) => `You acknowledge as ${name}. Paging stops, and the incident is yours.`,
  acknowledged: (name: string, at: string) => `Acknowledged by ${name} at ${at}.`,
  acknowledgedByYou: (at: string) => `You acknowledged at ${at}. Paging has stopped.`,
  resolved: (at: string) => `Resolved at ${at}. There is nothing left to acknowledge.`,
  changed: 'The incident has changed since this page was sent to you. Read it again first.',
  open: 'Open the incident',
  invalidTitle: 'This link is not valid',
  invalid: 'It is not complete, or not one of this service. Open the link in the page once more.',
  expiredTitle: 'This link has expired',
  expired: 'Use the link in a newer page, or open the console.',
  busyTitle: 'Not recorded',
  busy: 'The service cannot record anything at the moment. Try again, or call a colleague.',
};

export type AcknowledgeMessages = typeof english;

const chinese: AcknowledgeMessages = {
  heading: (incident) => `事件 ${incident}`,
  fault: '故障',
  site: '站点',
  tier: '级别',
  because: '定级原因',
  since: '开始时间',
  affected: '影响范围',
  devices: (count) => `${count} 台设备`,
  deadline: '确认时限',
  left: (duration) => `剩余 ${duration}`,
  missed: (duration) => `已超时 ${duration}`,
  button: '确认',
  asWhom: (name) => `您将以“${name}”的身份确认：停止继续通知，事件由您负责处理。`,
  acknowledged: (name, at) => `${name} 已于 ${at} 确认。`,
  acknowledgedByYou: (at) => `您已于 ${at} 确认，已停止继续通知。`,
  resolved: (at) => `已于 ${at} 恢复，无需再确认。`,
  changed: '本通知发出后事件已有变化，请重新阅读后再确认。',
  open: '查看事件',
  invalidTitle: '链接无效',
  invalid: '链接不完整，或不属于本服务。请重新打开通知中的链接。',
  expiredTitle: '链接已过期',
  expired: '请使用较新通知中的链接，或打开控制台。',
  busyTitle: '未能记录',
  busy: '服务目前无法记录。请重试，或联系同事。',
};

/** What the acknowledge page says; a language that lacks a sentence does not compile. */
export const ACKNOWLEDGE_MESSAGES: Readonly<Record<Language, AcknowledgeMessages>> = {
  en: english,
  'zh-CN': chinese,
};
