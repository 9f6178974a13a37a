import type { SessionView } from "@ask-openhands/core/api/types.ts";
import { Redirect, Route, Switch } from "wouter";
import { ActivityPage } from "./activity/activity-page.tsx";
import { keepCsrfToken, useAnswer } from "./api.ts";
import { IntegrationsPage } from "./integrations/integrations-page.tsx";
import { PlatformPage } from "./integrations/platform-page.tsx";
import { Empty } from "./parts/empty.tsx";
import { Page } from "./parts/page.tsx";
import { AccountPage } from "./people/account-page.tsx";
import { AuditPage } from "./people/audit-page.tsx";
import { DevicesPage } from "./people/devices-page.tsx";
import { MembersPage } from "./people/members-page.tsx";
import { SecretsPage } from "./people/secrets-page.tsx";
import { WorkspacePage } from "./people/workspace-page.tsx";
import { DoorAnswer } from "./session/door-answer.tsx";
import { LinkPage } from "./session/link-page.tsx";
import { OneTimePage } from "./session/one-time-page.tsx";
import { PairPage } from "./session/pair-page.tsx";
import { PersonProvider } from "./session/person.tsx";
import { SignInPage } from "./session/sign-in-page.tsx";
import { Shell } from "./shell.tsx";

const NotHere = () => (
  <Page title="There is nothing here">
    <Empty icon="question" title="This address leads nowhere">
      <p>Choose a section from the menu.</p>
    </Empty>
  </Page>
);

const SignedIn = () => (
  <PersonProvider>
    <Shell>
      <Switch>
        <Route path="/">
          <Redirect to="/integrations" replace />
        </Route>
        <Route path="/integrations" component={IntegrationsPage} />
        <Route path="/integrations/:platform">
          {({ platform }) => <PlatformPage key={platform} platform={platform} />}
        </Route>
        <Route path="/activity" component={ActivityPage} />
        <Route path="/secrets" component={SecretsPage} />
        <Route path="/members" component={MembersPage} />
        <Route path="/devices" component={DevicesPage} />
        <Route path="/audit" component={AuditPage} />
        <Route path="/workspace" component={WorkspacePage} />
        <Route path="/account" component={AccountPage} />
        <Route path="/pair" component={PairPage} />
        <Route path="/link" component={LinkPage} />
        <Route component={NotHere} />
      </Switch>
    </Shell>
  </PersonProvider>
);

const Entrance = ({ session }: { readonly session: SessionView }) => {
  keepCsrfToken(session.csrfToken);
  return (
    <Switch>
      <Route path="/sign-in">
        <OneTimePage session={session} />
      </Route>
      <Route path="/invitation">
        <OneTimePage session={session} />
      </Route>
      <Route>{session.signedIn ? <SignedIn /> : <SignInPage session={session} />}</Route>
    </Switch>
  );
};

/** The whole settings page: who is not signed in gets the door, everybody else the rooms. */
export const App = () => {
  const session = useAnswer("getSession", {});
  return (
    <DoorAnswer of={session} label="the page">
      {(value) => <Entrance session={value} />}
    </DoorAnswer>
  );
};
