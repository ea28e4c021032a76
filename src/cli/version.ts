/** Version of the package; the build puts it in. */
declare const LIGATURE_VERSION: string | undefined;

export const version: string = typeof LIGATURE_VERSION === 'string' ? LIGATURE_VERSION : '0.1.0-dev';
