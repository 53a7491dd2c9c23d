/**
 * Who a page goes to and how, by its id: `… / person / channel / kind`. Events that tell what became
 * of a page carry only the id; what stands before it is longer or shorter by the age of the journal.
 */
export function recipientOfPageId(pageId: string): {
  readonly personId: string;
  readonly channelId: string;
} {
  const [personId = '', channelId = ''] = pageId.split('/').slice(-3);
  return { personId, channelId };
}
