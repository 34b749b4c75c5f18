import { ChoosePasswordForm } from '../choose-password-form.tsx'
import { LinkPage, type Search } from '../link-page.tsx'
import { OpenCard } from '../open-card.tsx'

export const metadata = { title: 'Set up' }

export default function SetupPage({ searchParams }: { searchParams: Search }) {
  return (
    <LinkPage purpose="setup" searchParams={searchParams}>
      {({ token }) => (
        <OpenCard
          title="Become the first administrator"
          description="You invite everybody else afterwards, each with the roles they need."
        >
          <ChoosePasswordForm
            purpose="setup"
            token={token}
            email={null}
            name={null}
            button="Make my account"
          />
        </OpenCard>
      )}
    </LinkPage>
  )
}
