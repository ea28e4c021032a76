import { useVirtualizer } from '@tanstack/react-virtual';
import { type JSX, type ReactNode, useRef } from 'react';

interface Properties<T> {
  readonly items: readonly T[];
  readonly keyOf: (item: T) => string;
  readonly row: (item: T, index: number) => ReactNode;
  readonly label: string;
  /** Pixels of a row. */
  readonly height?: number;
}

/** A list of which only what is seen is drawn: 10,000 rows scroll like ten. */
export function VirtualRows<T>({ items, keyOf, row, label, height = 34 }: Properties<T>): JSX.Element {
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 12,
  });
  return (
    <div className="rows" ref={scroller} role="list" aria-label={label} tabIndex={0}>
      <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
        {rows.getVirtualItems().map(({ index, start }) => {
          const item = items[index];
          if (item === undefined) return null;
          return (
            <div
              key={keyOf(item)}
              role="listitem"
              aria-setsize={items.length}
              aria-posinset={index + 1}
              className="row"
              style={{ transform: `translateY(${start}px)`, height }}
            >
              {row(item, index)}
            </div>
          );
        })}
      </div>
    </div>
  );
}
