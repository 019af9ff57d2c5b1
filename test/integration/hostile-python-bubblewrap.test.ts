import { describePythonAttacks } from "../hostile/describe-python-attacks.ts";

describePythonAttacks("bubblewrap");
