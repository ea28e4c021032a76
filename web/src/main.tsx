import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { follow } from './live/follow.ts';
import { liveValues } from './live/use-live.ts';
import './style/index.css';

const place = document.getElementById('app');
if (place === null) throw new Error('index.html has no element #app');
void follow(liveValues);
createRoot(place).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
