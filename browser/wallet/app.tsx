import { appWords } from '#browser/words/app.ts';
import { view } from './accounts.ts';
import { online } from './connection.ts';
import { lock } from './lifecycle.ts';
import { Brand } from './parts/brand.tsx';
import { screen } from './screen.ts';
import { BrokenScreen, EvictedScreen, InUseScreen, StartingScreen } from './screens/closed.tsx';
import { CreatingScreen } from './screens/creating.tsx';
import { HomeScreen } from './screens/home.tsx';
import { LockedScreen } from './screens/locked.tsx';
import { ReceiveScreen } from './screens/receive.tsx';
import { ReviewScreen } from './screens/review.tsx';
import { ReviewMessageScreen } from './screens/review-message.tsx';
import { SendScreen } from './screens/send.tsx';
import { SentScreen } from './screens/sent.tsx';
import { SignMessageScreen } from './screens/sign-message.tsx';
import { SignedScreen } from './screens/signed.tsx';
import { WelcomeScreen } from './screens/welcome.tsx';

function CurrentScreen() {
  const now = screen.value;
  switch (now.at) {
    case 'starting':
      return <StartingScreen />;
    case 'welcome':
      return <WelcomeScreen {...now} />;
    case 'creating':
      return <CreatingScreen {...now} />;
    case 'locked':
      return <LockedScreen {...now} />;
    case 'in-use':
      return <InUseScreen />;
    case 'evicted':
      return <EvictedScreen {...now} />;
    case 'broken':
      return <BrokenScreen {...now} />;
    case 'home':
      return <HomeScreen />;
    case 'receive':
      return <ReceiveScreen />;
    case 'send':
      return <SendScreen />;
    case 'review':
      return <ReviewScreen {...now} />;
    case 'sent':
      return <SentScreen {...now} />;
    case 'sign-message':
      return <SignMessageScreen />;
    case 'review-message':
      return <ReviewMessageScreen {...now} />;
    case 'signed':
      return <SignedScreen {...now} />;
  }
}

export function App() {
  return (
    <div class="page">
      <header class="bar">
        <Brand />
        {view.value !== undefined && (
          <button type="button" class="button slim" onClick={lock}>
            {appWords.lock}
          </button>
        )}
      </header>
      <div role="status">{!online.value && <p class="notice care small">{appWords.offline}</p>}</div>
      <CurrentScreen />
    </div>
  );
}
