import Glibc
import TernShell

// Everything happens on the machine's thread, whose stack is large; this one waits for it.
Interrupts.install()
exit(MachineThread.run { CommandLine.tern() })
