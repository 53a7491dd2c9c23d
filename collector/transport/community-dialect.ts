import { type BerWriter, newBerWriter, writtenOctets } from '../snmp/ber-writer.ts';
import { type CommunityVersion, writeCommunityFrame } from '../snmp/encode-message.ts';
import { type MessageView, sameOctets } from '../snmp/message-view.ts';
import { patchRequestId } from '../snmp/request-template.ts';
import { RESPONSE, VERSION_1, VERSION_2C } from '../snmp/tags.ts';
import {
  type Dialect,
  ignoredBecause,
  type Judgement,
  type PreparedQuestion,
  type Question,
  RESPONSE_JUDGEMENT,
} from './dialect.ts';

/** The longest UDP payload over IPv4. */
const LONGEST_SENT_OCTETS = 65_507;

const writer: BerWriter = newBerWriter(LONGEST_SENT_OCTETS);

/** SNMPv1 (RFC 1157) and v2c (RFC 1901): a reply must carry the community that was asked with. */
export function communityDialect(version: CommunityVersion, community: Uint8Array): Dialect {
  return {
    version: version === 'v1' ? VERSION_1 : VERSION_2C,
    whySilent: () => null,
    engineId: null,
    engineBoots: null,
    engineTime: null,
    noteSilence() {},
    prepare: (question) => new CommunityQuestion(question, version, community),
  };
}

class CommunityQuestion implements PreparedQuestion {
  readonly #question: Question;
  readonly #version: CommunityVersion;
  readonly #community: Uint8Array;

  constructor(question: Question, version: CommunityVersion, community: Uint8Array) {
    this.#question = question;
    this.#version = version;
    this.#community = community;
  }

  encode(id: number): Uint8Array | null {
    const requestIdAt = this.#question.write(writer);
    writeCommunityFrame(writer, this.#version, this.#community);
    if (writer.hasOverflowed) return null;
    patchRequestId(writer.octets, requestIdAt, id);
    return writtenOctets(writer);
  }

  judge({ octets, communityStart, communityEnd, pdu }: MessageView): Judgement {
    if (!sameOctets(octets, communityStart, communityEnd, this.#community)) {
      return ignoredBecause('wrong-community');
    }
    return pdu.tag === RESPONSE ? RESPONSE_JUDGEMENT : ignoredBecause('malformed');
  }
}
