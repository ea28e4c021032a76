/** The token a person typed in: kept for this tab only, never in a cookie, so that other pages cannot use it. */

const place = 'ligature-token';

export function storedToken(): string | undefined {
  return sessionStorage.getItem(place) ?? undefined;
}

export function storeToken(token: string | undefined): void {
  if (token === undefined || token === '') sessionStorage.removeItem(place);
  else sessionStorage.setItem(place, token);
}
