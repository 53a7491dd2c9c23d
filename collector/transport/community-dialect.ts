import { newBerWriter } from '../snmp/ber-writer.ts';
import { type CommunityVersion, writeCommunityFrame } from '../snmp/encode-message.ts';
import { type MessageView, sameOctets } from '../snmp/message-view.ts';
import { cutTemplate, patchRequestId } from '../snmp/request-template.ts';
import { RESPONSE, VERSION_1, VERSION_2C } from '../snmp/tags.ts';
import {
  type Dialect,
  ignoredBecause,
  type Judgement,
  type PreparedQuestion,
  RESPONSE_JUDGEMENT,
} from './dialect.ts';

/** The longest UDP payload over IPv4. */
const LONGEST_SENT_OCTETS = 65_507;

const writer = newBerWriter(LONGEST_SENT_OCTETS);

/** SNMPv1 (RFC 1157) and v2c (RFC 1901): a reply must carry the community that was asked with. */
export function communityDialect(version: CommunityVersion, community: Uint8Array): Dialect {
  const judge = (view: MessageView): Judgement => {
    const { octets, communityStart, communityEnd, pdu } = view;
    if (!sameOctets(octets, communityStart, communityEnd, community)) {
      return ignoredBecause('wrong-community');
    }
    return pdu.tag === RESPONSE ? RESPONSE_JUDGEMENT : ignoredBecause('malformed');
  };
  return {
    version: version === 'v1' ? VERSION_1 : VERSION_2C,
    whySilent: () => null,
    engineId: null,
    engineBoots: null,
    noteSilence() {},
    prepare(question) {
      if (question.prepared !== null) return question.prepared;
      const writtenAt = question.write(writer);
      writeCommunityFrame(writer, version, community);
      const template = cutTemplate(writer, writtenAt);
      if (template === null) return null;
      const { octets, requestIdAt } = template;
      const prepared: PreparedQuestion = {
        encode(id) {
          patchRequestId(octets, requestIdAt, id);
          return octets;
        },
        judge,
      };
      question.prepared = prepared;
      return prepared;
    },
  };
}
