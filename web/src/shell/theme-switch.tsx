import { type JSX, useEffect, useState } from 'react';

type Theme = 'system' | 'light' | 'dark';
const themes: readonly Theme[] = ['system', 'light', 'dark'];

export function ThemeSwitch(): JSX.Element {
  const [theme, setTheme] = useState<Theme>(storedTheme);
  useEffect(() => {
    if (theme === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    localStorage.setItem('ligature-theme', theme);
  }, [theme]);
  return (
    <label className="theme">
      <span className="hidden">Colours</span>
      <select value={theme} onChange={(event) => setTheme(event.target.value as Theme)}>
        {themes.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  );
}

function storedTheme(): Theme {
  const stored = localStorage.getItem('ligature-theme');
  return themes.find((theme) => theme === stored) ?? 'system';
}
