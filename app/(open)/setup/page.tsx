import { ChoosePasswordForm } from '../choose-password-form.tsx'
import { LinkPage, type Search } from '../link-page.tsx'
import { OpenCard } from '../open-card.tsx'

export const metadata = { title: 'Set up' }

export default function SetupPage({ searchParams }: { searchParams: Search }) {
  return (
    <LinkPage purpose="setup" searchParams={searchParams}>
      {({ token }) => (
        <OpenCard title="Create the first administrator" description="You can invite other users afterwards.">
          <ChoosePasswordForm
            purpose="setup"
            token={token}
            email={null}
            name={null}
            button="Create account"
          />
        </OpenCard>
      )}
    </LinkPage>
  )
}
