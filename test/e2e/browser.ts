/** A browser as users have one: Debian's chromium, headless, that asks nobody but the agent. */

import { type Browser, chromium, type Page } from 'playwright-core';
import { hasCommand } from '../../scripts/test/debian.ts';

/** The reason of a skip, or false. */
export function requiresBrowser(): string | false {
  return hasCommand('chromium') ? false : 'needs chromium';
}

const quiet = ['--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update'];

export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-sync', '--disable-dev-shm-usage', ...quiet],
  });
}

/** Everything the page complains about. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  return complaints;
}
