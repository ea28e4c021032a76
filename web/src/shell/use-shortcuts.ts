import { useEffect } from 'react';
import { useLocation } from 'wouter';
import { places } from './places.ts';

/** `g` and a letter goes to a page, `/` goes to the search of the page. Not while somebody types. */
export function useShortcuts(): void {
  const [, go] = useLocation();
  useEffect(() => {
    let goes = false;
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (goes) {
        goes = false;
        const place = places.find(({ key }) => key === event.key);
        if (place === undefined) return;
        event.preventDefault();
        go(place.path);
      } else if (event.key === 'g') {
        goes = true;
      } else if (event.key === '/') {
        const search = document.querySelector<HTMLInputElement>('main input[type=search]');
        if (search === null) return;
        event.preventDefault();
        search.focus();
      }
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [go]);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
  );
}
