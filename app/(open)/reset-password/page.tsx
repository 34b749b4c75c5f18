import { ChoosePasswordForm } from '../choose-password-form.tsx'
import { LinkPage, type Search } from '../link-page.tsx'
import { OpenCard } from '../open-card.tsx'

export const metadata = { title: 'Choose a new password' }

export default function ResetPasswordPage({ searchParams }: { searchParams: Search }) {
  return (
    <LinkPage purpose="password-reset" searchParams={searchParams}>
      {({ token, email, name }) => (
        <OpenCard title="Choose a new password" description={`For ${email}. Other sessions are signed out.`}>
          <ChoosePasswordForm
            purpose="password-reset"
            token={token}
            email={email}
            name={name}
            button="Set password"
          />
        </OpenCard>
      )}
    </LinkPage>
  )
}
