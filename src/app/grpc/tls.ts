import { readFile } from 'node:fs/promises';
import type { SecureContextOptions, TlsOptions } from 'node:tls';
import { AppError, messageOf } from '../errors.ts';
import type { GrpcConfig } from './config.ts';

export type GrpcTls = SecureContextOptions & Pick<TlsOptions, 'requestCert' | 'rejectUnauthorized'>;

/** Certificate, key and CAs as read; undefined without TLS. Errors: AppError `invalid-config` naming key and file. */
export async function readGrpcTls(config: GrpcConfig): Promise<GrpcTls | undefined> {
  const { 'cert-file': certFile, 'key-file': keyFile, 'ca-files': caFiles } = config;
  if (config['insecure-transport']) return undefined;
  if (certFile === undefined || keyFile === undefined) {
    const given = [certFile, keyFile, caFiles[0]].some((file) => file !== undefined);
    const field = certFile === undefined ? 'cert-file' : 'key-file';
    if (!given) return undefined;
    throw new AppError('invalid-config', `grpc.conf: ${field} is missing: TLS needs a certificate and its key`, {
      field,
    });
  }
  const cert = await read(certFile, 'cert-file');
  const key = await read(keyFile, 'key-file');
  const ca = await Promise.all(caFiles.map((file) => read(file, 'ca-files')));
  const clients = ca.length === 0 ? {} : { ca, requestCert: true, rejectUnauthorized: true };
  return { cert, key, minVersion: 'TLSv1.2', ...clients };
}

async function read(file: string, field: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new AppError('invalid-config', `grpc.conf: ${field}: ${messageOf(cause)}`, { field, file, cause });
  }
}
