"""The directory in Amazon Cognito; everything that it knows about a refusal stays here."""

import secrets
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.kernel.errors import Conflict
from chalicelib.people.app_client import AppClient, client
from chalicelib.people.model import Account, Challenge, Standing, Step, Tokens
from chalicelib.people.refusals import WRONG, code_of, told, translated, wrong_code
from chalicelib.people.rules import sign_in_failed

Json = dict[str, Any]

_STEPS = {"SOFTWARE_TOKEN_MFA": Step.TOTP, "NEW_PASSWORD_REQUIRED": Step.NEW_PASSWORD}
_ANSWERS = {Step.TOTP: "SOFTWARE_TOKEN_MFA_CODE", Step.NEW_PASSWORD: "NEW_PASSWORD"}
_NAMES = {step: name for name, step in _STEPS.items()}
_STANDINGS = {"UNCONFIRMED": Standing.UNCONFIRMED, "FORCE_CHANGE_PASSWORD": Standing.INVITED}


class CognitoDirectory:
    """One user pool, by its one app client."""

    def __init__(self, pool: str, app: AppClient) -> None:
        self._pool = {"UserPoolId": pool}
        self._app = app

    def sign_up(self, mail: str, password: str) -> None:
        """Make an unconfirmed account and mail its code; an address that is taken looks the same."""
        attributes = [{"Name": "email", "Value": mail}]
        with told("UsernameExistsException"):
            client().sign_up(**self._of(mail), Password=password, UserAttributes=attributes)

    def confirm(self, mail: str, code: str) -> None:
        """Confirm that the address is the person's own; raise BadInput `wrong_code`."""
        with told(by_code=True):
            client().confirm_sign_up(**self._of(mail), ConfirmationCode=code)

    def resend(self, mail: str) -> None:
        """Mail a new code; an address that waits for none looks the same."""
        with told(*WRONG, "InvalidParameterException"):
            client().resend_confirmation_code(**self._of(mail))

    def sign_in(self, user: str, password: str) -> Tokens | Challenge:
        """Try a password; raise Unauthenticated `sign_in_failed`."""
        given = {"USERNAME": user, "PASSWORD": password}
        return self._outcome(self._initiate("ADMIN_USER_PASSWORD_AUTH", user, given), user)

    def answer(self, challenge: Challenge, said: str) -> Tokens | Challenge:
        """Answer with a code or a new password; raise BadInput `wrong_code` or `weak_password`."""
        responses = {"USERNAME": challenge.user, _ANSWERS[challenge.step]: said}
        asked = {"ChallengeName": _NAMES[challenge.step], "Session": challenge.session}
        with told():
            responses["SECRET_HASH"] = self._app.hash_of(challenge.user)
            found = client().admin_respond_to_auth_challenge(
                **self._pool, ClientId=self._app.id, **asked, ChallengeResponses=responses
            )
        return self._outcome(found, challenge.user)

    def renew(self, user: str, refresh: str) -> str:
        """Return a new proof for a refresh token of the id `user`; raise Unauthenticated `sign_in_failed`."""
        found = self._initiate("REFRESH_TOKEN_AUTH", user, {"REFRESH_TOKEN": refresh})
        return str(found["AuthenticationResult"]["IdToken"])

    def revoke(self, refresh: str) -> None:
        """Let a refresh token, and what came of it, renew nothing more."""
        with told("UnauthorizedException", *WRONG):
            client().revoke_token(ClientId=self._app.id, ClientSecret=self._app.secret, Token=refresh)

    def sign_out(self, user: str) -> None:
        """End all sign-ins of `user`."""
        with told("UserNotFoundException"):
            client().admin_user_global_sign_out(**self._pool, Username=user)

    def forgot(self, mail: str) -> None:
        """Mail a code for a new password; whatever is the matter with the address, it looks the same."""
        with told(*WRONG, "InvalidParameterException"):
            client().forgot_password(**self._of(mail))

    def reset(self, mail: str, code: str, password: str) -> None:
        """Set a new password by a mailed code; raise BadInput `wrong_code` or `weak_password`."""
        said = {"ConfirmationCode": code, "Password": password}
        with told(by_code=True):
            client().confirm_forgot_password(**self._of(mail), **said)

    def set_password(self, user: str, password: str) -> None:
        """Set a password for good; raise BadInput `weak_password`."""
        with told():
            client().admin_set_user_password(**self._pool, Username=user, Password=password, Permanent=True)

    def new_secret(self, access: str) -> str:
        """Return a new secret for an authenticator, which counts for nothing before `enroll`."""
        with told():
            return str(client().associate_software_token(AccessToken=access)["SecretCode"])

    def enroll(self, user: str, access: str, code: str) -> None:
        """Ask for codes of the new secret from now on; raise BadInput `wrong_code`."""
        with told():
            found = client().verify_software_token(AccessToken=access, UserCode=code)
            if found["Status"] != "SUCCESS":
                raise wrong_code()
            wanted = {"Enabled": True, "PreferredMfa": True}
            client().admin_set_user_mfa_preference(**self._pool, Username=user, SoftwareTokenMfaSettings=wanted)

    def unenroll(self, user: str) -> None:
        """Ask for no codes any more; doing it again changes nothing."""
        unwanted = {"Enabled": False, "PreferredMfa": False}
        # An account that never had an authenticator may be answered with an invalid parameter.
        with told("UserNotFoundException", "InvalidParameterException"):
            client().admin_set_user_mfa_preference(**self._pool, Username=user, SoftwareTokenMfaSettings=unwanted)

    def invite(self, mail: str) -> Account:
        """Return the account of `mail`, made and told about by mail if there was none."""
        attributes = [{"Name": "email", "Value": mail}, {"Name": "email_verified", "Value": "true"}]
        by = {"UserAttributes": attributes, "DesiredDeliveryMediums": ["EMAIL"]}
        with told("UsernameExistsException"):
            client().admin_create_user(**self._pool, Username=mail, **by)
        account = self.find(mail)
        if account is None:
            raise Conflict("person_changed", "this account was deleted a moment ago; try again")
        return account

    def invite_again(self, mail: str) -> None:
        """Mail another temporary password to who was invited; whoever took the invitation up gets none."""
        by = {"MessageAction": "RESEND", "DesiredDeliveryMediums": ["EMAIL"]}
        with told("UnsupportedUserStateException"):
            client().admin_create_user(**self._pool, Username=mail, **by)

    def restore(self, user: str) -> None:
        """Make an account one that was just invited: no password, authenticator or sign-in of before counts."""
        nobodys = secrets.token_urlsafe(48)
        with told():
            client().admin_set_user_password(**self._pool, Username=user, Password=nobodys, Permanent=False)
        self.unenroll(user)
        self.sign_out(user)
        with told():
            client().admin_enable_user(**self._pool, Username=user)

    def find(self, user: str) -> Account | None:
        """Return the account of an id or a mail address, or None."""
        try:
            found = client().admin_get_user(**self._pool, Username=user)
        except ClientError as error:
            if code_of(error) == "UserNotFoundException":
                return None
            raise translated(error) from None
        named = {entry["Name"]: entry["Value"] for entry in found["UserAttributes"]}
        standing = _STANDINGS.get(found["UserStatus"], Standing.CONFIRMED)
        return Account(named["sub"], named.get("email", ""), standing)

    def disable(self, user: str) -> None:
        """Let `user` sign in no more; doing it again changes nothing."""
        with told("UserNotFoundException"):
            client().admin_disable_user(**self._pool, Username=user)

    def forget(self, user: str) -> None:
        """Delete the account; doing it again changes nothing."""
        with told("UserNotFoundException"):
            client().admin_delete_user(**self._pool, Username=user)

    def _of(self, mail: str) -> dict[str, str]:
        return {"ClientId": self._app.id, "Username": mail, "SecretHash": self._app.hash_of(mail)}

    def _initiate(self, flow: str, user: str, given: dict[str, str]) -> Json:
        with told():
            said = {"AuthFlow": flow, "AuthParameters": {**given, "SECRET_HASH": self._app.hash_of(user)}}
            found: Json = client().admin_initiate_auth(**self._pool, ClientId=self._app.id, **said)
        return found

    def _outcome(self, found: Json, user: str) -> Tokens | Challenge:
        if "AuthenticationResult" in found:
            given = found["AuthenticationResult"]
            return Tokens(given["IdToken"], given["AccessToken"], given["RefreshToken"])
        step = _STEPS.get(found["ChallengeName"])
        if step is None:
            raise sign_in_failed()
        asked = found.get("ChallengeParameters", {})
        return Challenge(step, asked.get("USER_ID_FOR_SRP", user), found["Session"])
