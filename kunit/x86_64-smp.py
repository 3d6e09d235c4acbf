# A --qemu_config of kunit.py: x86_64 with two CPUs, with KVM where it really boots.
#
# kunit.py runs this file as Python before it starts "qemu-system-x86_64". Put
# scripts/qemu-accel before the emulator in PATH, under its name.
import atexit
import os
import shutil
import tempfile

from ..qemu_config import QemuArchParams

_top = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_bin = tempfile.mkdtemp(prefix='objcache-kunit-')
atexit.register(shutil.rmtree, _bin, ignore_errors=True)
os.symlink(os.path.join(_top, 'scripts', 'qemu-accel'), os.path.join(_bin, 'qemu-system-x86_64'))
os.environ['PATH'] = _bin + ':' + os.environ['PATH']

QEMU_ARCH = QemuArchParams(linux_arch='x86_64',
			   kconfig='''
CONFIG_SERIAL_8250=y
CONFIG_SERIAL_8250_CONSOLE=y
CONFIG_SMP=y''',
			   qemu_arch='x86_64',
			   kernel_path='arch/x86/boot/bzImage',
			   kernel_command_line='console=ttyS0',
			   extra_qemu_params=['-smp', '2', '-bios', 'qboot.rom'])
