import type { Socket } from 'node:net';

/**
 * Of every answer. What is shown as a page (the UI) replaces the policy by one that lets it load its own scripts; nothing may be
 * framed, guessed at or kept by caches.
 */
const plain: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
};

const encrypted = { ...plain, 'strict-transport-security': 'max-age=31536000' };

export function securityHeaders(socket: Socket): Readonly<Record<string, string>> {
  return 'encrypted' in socket ? encrypted : plain;
}
