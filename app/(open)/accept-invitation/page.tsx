import { ChoosePasswordForm } from '../choose-password-form.tsx'
import { LinkPage, type Search } from '../link-page.tsx'
import { OpenCard } from '../open-card.tsx'

export const metadata = { title: 'Accept an invitation' }

export default function AcceptInvitationPage({ searchParams }: { searchParams: Search }) {
  return (
    <LinkPage purpose="invitation" searchParams={searchParams}>
      {({ token, email, name }) => (
        <OpenCard title="Welcome" description={`Choose a password for ${email}.`}>
          <ChoosePasswordForm
            purpose="invitation"
            token={token}
            email={email}
            name={name}
            button="Accept invitation"
          />
        </OpenCard>
      )}
    </LinkPage>
  )
}
