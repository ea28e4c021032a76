import * as z from 'zod';
import type { ConfigOption, LegacyKey } from '../config/declaration.ts';
import { duration } from '../config/duration.ts';
import { secret } from '../config/secret.ts';
import { messageOf } from '../errors.ts';
import { parseEndpoint, withPort } from './endpoint.ts';

export const defaultEndpoint = '127.0.0.1:9191';

const endpoint = z.string().superRefine((text, context) => {
  try {
    parseEndpoint(text);
  } catch (error) {
    context.addIssue({ code: 'custom', message: messageOf(error) });
  }
});
const role = z.enum(['read', 'operate', 'admin']);
const timeout = (): ReturnType<typeof duration> => duration({ nanoseconds: true });

/** `http.conf`, with Ligato's names where it had them. */
export const httpSchema = z.strictObject({
  endpoint: endpoint
    .optional()
    .describe(`host:port to listen on (default ${defaultEndpoint}; 0.0.0.0:9191 with ligato-compat-open)`),
  disabled: z.boolean().default(false).describe('open no TCP listener; the unix socket stays'),
  'socket-path': z
    .string()
    .optional()
    .describe('unix socket of the own CLI (default <state-dir>/control/http.sock); "" for none'),
  'socket-callers': z
    .array(
      z
        .strictObject({
          user: z.union([z.string().min(1), z.int().min(0)]).optional(),
          group: z.union([z.string().min(1), z.int().min(0)]).optional(),
          role,
        })
        .refine(({ user, group }) => (user === undefined) !== (group === undefined), 'expected either user or group'),
    )
    .default([])
    .describe(
      'who may call by the unix sockets (HTTP and gRPC) beside the own user and root, who are admin: users and groups by name or ' +
        'number, as the kernel knows the caller; then socket-path has to be where they can reach it',
    ),
  'token-file': z
    .string()
    .optional()
    .describe('file of the admin token, made at first start (default <state-dir>/http-token)'),
  tokens: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        role,
        token: secret().min(16).optional(),
        'token-file': z.string().optional(),
      }),
    )
    .default([])
    .describe('further bearer tokens, each in the file or in a file of its own'),
  'server-cert-file': z.string().optional().describe('certificate chain, PEM; with server-key-file: HTTPS'),
  'server-key-file': z.string().optional(),
  'client-cert-files': z
    .array(z.string())
    .default([])
    .describe('CAs, PEM; when given, callers must have a certificate of one of them'),
  'client-certificates': z
    .array(z.strictObject({ name: z.string().min(1), role }))
    .default([])
    .describe('role by common name of the certificate (default: operate)'),
  'client-basic-auth': z
    .array(secret().regex(/^[^:]+:.+$/, 'expected user:password'))
    .default([])
    .describe('"user:password" pairs with role operate; when given, reading asks for one too'),
  'allowed-hosts': z
    .array(z.string())
    .default([])
    .describe('names by which the agent may be called, beside addresses and localhost'),
  'allowed-origins': z.array(z.string()).default([]).describe('origins of pages that may call, beside its own'),
  'rate-limiter': z
    .strictObject({ limit: z.number().positive(), burst: z.int().positive().default(1) })
    .optional()
    .describe('requests a second and at once, for each caller'),
  'read-timeout': timeout().default(300_000).describe('for a whole request'),
  'read-header-timeout': timeout().default(60_000),
  'write-timeout': timeout().default(0).describe('a connection on which nothing moves for so long is closed; 0: never'),
  'idle-timeout': timeout().default(5000).describe('between two requests of a connection'),
  'max-header-bytes': z.int().min(1024).default(16_384),
  'ligato-compat-open': z
    .boolean()
    .default(false)
    .describe('anybody may do anything, as with Ligato. Only for closed test networks'),
});

export type HttpConfig = z.output<typeof httpSchema>;

export const httpOptions: readonly ConfigOption[] = [
  {
    key: 'endpoint',
    flag: 'http-port',
    env: 'HTTP_PORT',
    description: 'port of the HTTP server (default 9191)',
    convert: (text, current) => withPort(typeof current === 'string' ? current : defaultEndpoint, text),
  },
  { key: 'socket-path', flag: 'http-socket', env: 'HTTP_SOCKET', description: 'unix socket of the own CLI' },
  {
    key: 'ligato-compat-open',
    flag: 'ligato-compat-open',
    env: 'LIGATO_COMPAT_OPEN',
    boolean: true,
    description: 'anybody may do anything',
  },
];

const noPasswords =
  'log-in with passwords and signed tokens is gone: use "tokens", client certificates or the unix socket';

export const httpLegacyKeys: Readonly<Record<string, LegacyKey>> = {
  disable: 'disabled',
  readtimeout: 'read-timeout',
  readheadertimeout: 'read-header-timeout',
  writetimeout: 'write-timeout',
  idletimeout: 'idle-timeout',
  maxheaderbytes: 'max-header-bytes',
  'enable-token-auth': { ignored: noPasswords },
  'token-expiration': { ignored: noPasswords },
  'token-signature': { ignored: noPasswords },
  'sign-key': { ignored: noPasswords },
  'password-hash-cost': { ignored: noPasswords },
  users: { ignored: noPasswords },
};
