import type { Encoder } from '../netlink/encoder.ts';
import { AF_INET, NLM_F_CREATE } from '../netlink/constants.ts';
import type { Capability } from './capabilities.ts';
import type { Laboratory } from './laboratory.ts';
import { capability } from './links.ts';

/** Tries an ESP security association with AES-GCM. */
export async function probeXfrm(laboratory: Laboratory): Promise<Capability[]> {
  const [outcome] = await laboratory.raw('xfrm', [
    { type: XFRM_MSG_NEWSA, flags: NLM_F_CREATE, encode: encodeAssociation },
  ]);
  return [capability('esp', 'IPsec ESP', outcome!)];
}

/** struct xfrm_usersa_info (224 bytes) and XFRMA_ALG_AEAD */
function encodeAssociation(encoder: Encoder): void {
  const start = encoder.position;
  encoder.zeros(224);
  const { bytes } = encoder;
  bytes.set([192, 0, 2, 2], start + 56); // id.daddr
  bytes.set([0, 0, 1, 0], start + 72); // id.spi 256
  bytes[start + 76] = IPPROTO_ESP;
  bytes.set([192, 0, 2, 1], start + 80); // saddr
  bytes.fill(0xff, start + 96, start + 128); // no limits
  bytes[start + 212] = AF_INET;
  bytes[start + 213] = 0;
  bytes[start + 214] = XFRM_MODE_TUNNEL;
  const nest = encoder.beginNest(XFRMA_ALG_AEAD, 0);
  const name = Buffer.alloc(64);
  name.write('rfc4106(gcm(aes))');
  encoder.raw(name);
  encoder.u32(160); // bits of key and salt
  encoder.u32(128);
  encoder.zeros(20);
  encoder.endNest(nest);
}

const XFRM_MSG_NEWSA = 0x10;
const XFRM_MODE_TUNNEL = 1;
const XFRMA_ALG_AEAD = 18;
const IPPROTO_ESP = 50;
