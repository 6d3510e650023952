import type { Examples } from "../contract.ts";
import type { AuthnEvents } from "./contract.ts";
import {
  enterpriseAccountExamples,
  externalAccountExamples,
  passkeyExamples,
  phoneNumberExamples,
} from "./examples/accounts.ts";
import { enterpriseConnectionExamples, scimTokenExamples, scimUserExamples } from "./examples/enterprise.ts";
import { authorizationGrantExamples, oauthApplicationExamples } from "./examples/oauth.ts";
import {
  organizationDomainExamples,
  organizationExamples,
  organizationInvitationExamples,
  organizationMembershipExamples,
  organizationMembershipRequestExamples,
} from "./examples/organizations.ts";
import { permissionExamples, roleExamples } from "./examples/roles.ts";
import {
  appearanceExamples,
  jwtTemplateExamples,
  localizationExamples,
  oauthProviderExamples,
} from "./examples/settings.ts";
import { emailExamples, invitationExamples, sessionExamples, userExamples } from "./examples/users.ts";

export const examples = {
  ...userExamples,
  ...sessionExamples,
  ...emailExamples,
  ...invitationExamples,
  ...organizationExamples,
  ...organizationMembershipExamples,
  ...organizationInvitationExamples,
  ...organizationDomainExamples,
  ...organizationMembershipRequestExamples,
  ...roleExamples,
  ...permissionExamples,
  ...oauthProviderExamples,
  ...externalAccountExamples,
  ...phoneNumberExamples,
  ...passkeyExamples,
  ...appearanceExamples,
  ...localizationExamples,
  ...enterpriseConnectionExamples,
  ...enterpriseAccountExamples,
  ...scimTokenExamples,
  ...scimUserExamples,
  ...jwtTemplateExamples,
  ...oauthApplicationExamples,
  ...authorizationGrantExamples,
} satisfies Examples<AuthnEvents>;
