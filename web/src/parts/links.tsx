import type { JSX } from 'react';
import { Link } from 'wouter';

export function objectPath(key: string): string {
  return `/objects/${encodeURIComponent(key)}`;
}

/** The part of a key that people read first: its name, with what it is in front. */
export function shortKey(key: string): string {
  const parts = key.replace(/^config\//, '').split('/');
  return parts.length > 3 ? `${parts[0]} … ${parts.slice(3).join('/')}` : key;
}

export function KeyLink({ keyText, label }: { readonly keyText: string; readonly label?: string }): JSX.Element {
  return (
    <Link href={objectPath(keyText)} className="key" title={keyText}>
      {label ?? keyText}
    </Link>
  );
}
