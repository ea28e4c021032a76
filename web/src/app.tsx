import { type JSX, lazy, Suspense } from 'react';
import { Route, Router, Switch } from 'wouter';
import { useHashLocation } from 'wouter/use-hash-location';
import { CounterPage } from './pages/counters.tsx';
import { LogPage } from './pages/logs.tsx';
import { ObjectPage } from './pages/object.tsx';
import { ObjectsPage } from './pages/objects.tsx';
import { OverviewPage } from './pages/overview.tsx';
import { TransactionPage } from './pages/transaction.tsx';
import { TransactionsPage } from './pages/transactions.tsx';
import { Empty, Loading } from './parts/notes.tsx';
import { Shell } from './shell/shell.tsx';

// What draws graphs and edits text is larger than all the rest: loaded when it is asked for.
const GraphPage = lazy(() => import('./pages/graph.tsx'));
const TopologyPage = lazy(() => import('./pages/topology.tsx'));
const ConfigurationPage = lazy(() => import('./pages/configuration.tsx'));

/** Places are behind a `#`: the agent serves one page, and reloading any place works. */
export function App(): JSX.Element {
  return (
    <Router hook={useHashLocation}>
      <Shell>
        <Suspense fallback={<Loading />}>
          <Switch>
            <Route path="/" component={OverviewPage} />
            <Route path="/topology" component={TopologyPage} />
            <Route path="/graph" component={GraphPage} />
            <Route path="/objects" component={ObjectsPage} />
            <Route path="/objects/:key">{({ key }) => <ObjectPage objectKey={decodeURIComponent(key)} />}</Route>
            <Route path="/transactions" component={TransactionsPage} />
            <Route path="/transactions/:seqNum">{({ seqNum }) => <TransactionPage seqNum={Number(seqNum)} />}</Route>
            <Route path="/configuration" component={ConfigurationPage} />
            <Route path="/counters" component={CounterPage} />
            <Route path="/logs" component={LogPage} />
            <Route>
              <Empty>There is no such page.</Empty>
            </Route>
          </Switch>
        </Suspense>
      </Shell>
    </Router>
  );
}
