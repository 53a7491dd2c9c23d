import type { Language } from '../../config/model.ts';

const english = {
  done: (code: string, title: string) =>
    `Acknowledged ${code}: ${title}. Paging has stopped; it is yours.`,
  alreadyBy: (code: string, name: string) => `${code} was already acknowledged by ${name}.`,
  over: (code: string) => `${code} is resolved already.`,
  noSuch: (code: string) => `There is no open incident ${code}.`,
  tooOld: 'That page is too old to answer. Open the incident in the console.',
  changed: (code: string) =>
    `It has changed since that page. Read the newest one first; it is answered with "ack ${code}".`,
  notYours: (code: string) =>
    `You are not of the escalation of ${code}, so it is not acknowledged. To take it over, reply "take ${code}" or use the console.`,
  whichOne: (codes: readonly string[]) =>
    codes.length === 0
      ? 'Nothing waits for you to acknowledge it.'
      : `Which one? Reply ${codes
          .slice(0, 5)
          .map((code) => `"ack ${code}"`)
          .join(', ')}.`,
  notUnderstood: (codes: readonly string[]) =>
    `Not understood. Reply "ack ${codes[0] ?? 'NUMBER'}" to acknowledge.`,
  unknownSender: 'This account is not known to Threenines.',
  busy: 'Not recorded. Try again, or call a colleague.',
  goodbye: 'Goodbye.',
};

export type CallbackMessages = typeof english;

const chinese: CallbackMessages = {
  done: (code, title) => `已确认 ${code}：${title}。已停止继续通知，由您负责处理。`,
  alreadyBy: (code, name) => `${code} 已由 ${name} 确认。`,
  over: (code) => `${code} 已恢复。`,
  noSuch: (code) => `没有编号为 ${code} 的未恢复事件。`,
  tooOld: '该通知已过期，请在控制台中查看事件。',
  changed: (code) => `事件在该通知之后已有变化，请先阅读最新通知，再回复“确认 ${code}”。`,
  notYours: (code) =>
    `您不在 ${code} 的升级链中，未予确认。如需接手，请回复“接手 ${code}”或使用控制台。`,
  whichOne: (codes) =>
    codes.length === 0
      ? '没有待您确认的事件。'
      : `请指明编号，回复${codes
          .slice(0, 5)
          .map((code) => `“确认 ${code}”`)
          .join('、')}。`,
  notUnderstood: (codes) => `无法识别。回复“确认 ${codes[0] ?? '编号'}”即可确认。`,
  unknownSender: 'Threenines 中没有此账号。',
  busy: '未能记录，请重试或联系同事。',
  goodbye: '再见。',
};

/** What is answered to a reply, a key or a button. */
export const CALLBACK_MESSAGES: Readonly<Record<Language, CallbackMessages>> = {
  en: english,
  'zh-CN': chinese,
};
