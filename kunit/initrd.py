# A --qemu_config of kunit.py for x86_64: when the tests are done, the kernel does not reboot, but
# starts the init process of an initrd, which comes from --qemu_args.
from ..qemu_config import QemuArchParams

QEMU_ARCH = QemuArchParams(linux_arch='x86_64',
			   kconfig='''
CONFIG_SERIAL_8250=y
CONFIG_SERIAL_8250_CONSOLE=y''',
			   qemu_arch='x86_64',
			   kernel_path='arch/x86/boot/bzImage',
			   kernel_command_line='console=ttyS0 kunit_shutdown=no',
			   extra_qemu_params=['-bios', 'qboot.rom'])
