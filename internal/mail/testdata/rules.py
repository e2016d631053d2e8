"""An aiosmtpd handler whose answer depends on the recipient; what it takes goes into a Maildir."""
from aiosmtpd.handlers import Mailbox


class Rules(Mailbox):
    seen = set()

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        name = address.split("@")[0]
        if name == "never":
            return "550 5.1.1 no such mailbox"
        if name == "later" and name not in self.seen:
            self.seen.add(name)
            return "451 4.7.1 greylisted, come back"
        envelope.rcpt_tos.append(address)
        return "250 OK"
