// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Error numbers of the kernel and of libbpf that its calls can end with. The numbers are those that
 * x86, Arm and RISC-V have in common (asm-generic/errno.h).
 */
@SuppressWarnings("MemberName") // The names are those of the C constants.
enum Errno {
    EPERM(1, "operation not permitted"),
    ENOENT(2, "no such file, object or entry"),
    ESRCH(3, "no such process"),
    EINTR(4, "interrupted"),
    EIO(5, "input/output error"),
    ENXIO(6, "no such device or address"),
    E2BIG(7, "argument list or map too big"),
    ENOEXEC(8, "executable format not understood"),
    EBADF(9, "bad file descriptor"),
    EAGAIN(11, "try again"),
    ENOMEM(12, "out of memory"),
    EACCES(13, "permission denied"),
    EFAULT(14, "bad address"),
    EBUSY(16, "device or resource busy"),
    EEXIST(17, "already exists"),
    EXDEV(18, "not on one file system"),
    ENODEV(19, "no such device"),
    ENOTDIR(20, "not a directory"),
    EISDIR(21, "is a directory"),
    EINVAL(22, "invalid argument"),
    ENFILE(23, "too many open files in the system"),
    EMFILE(24, "too many open files"),
    ENOTTY(25, "not supported by the device"),
    ETXTBSY(26, "file is being executed"),
    EFBIG(27, "file too large"),
    ENOSPC(28, "no space left"),
    ESPIPE(29, "illegal seek"),
    EROFS(30, "read-only file system"),
    EMLINK(31, "too many links"),
    EPIPE(32, "broken pipe"),
    EDOM(33, "out of the function's domain"),
    ERANGE(34, "result out of range"),
    EDEADLK(35, "deadlock avoided"),
    ENAMETOOLONG(36, "name too long"),
    ENOLCK(37, "no locks available"),
    ENOSYS(38, "not implemented by the kernel"),
    ENOTEMPTY(39, "directory not empty"),
    ELOOP(40, "too many levels of links or maps"),
    ENOMSG(42, "no message of the desired type"),
    ENODATA(61, "no data available"),
    ETIME(62, "timer expired"),
    ENOLINK(67, "link severed"),
    EPROTO(71, "protocol error"),
    EBADMSG(74, "bad message"),
    EOVERFLOW(75, "value too large"),
    ENOTUNIQ(76, "name not unique"),
    EBADFD(77, "file descriptor in bad state"),
    EILSEQ(84, "invalid sequence of bytes"),
    EUSERS(87, "too many users"),
    ENOTSOCK(88, "not a socket"),
    EMSGSIZE(90, "message too long"),
    EPROTONOSUPPORT(93, "protocol not supported"),
    EOPNOTSUPP(95, "operation not supported"),
    EAFNOSUPPORT(97, "address family not supported"),
    EADDRINUSE(98, "address already in use"),
    EADDRNOTAVAIL(99, "address not available"),
    ENETDOWN(100, "network is down"),
    ENETUNREACH(101, "network is unreachable"),
    ECONNRESET(104, "connection reset"),
    ENOBUFS(105, "no buffer space available"),
    ENOTCONN(107, "not connected"),
    ETIMEDOUT(110, "timed out"),
    ECONNREFUSED(111, "connection refused"),
    EHOSTUNREACH(113, "no route to host"),
    EALREADY(114, "already in progress"),
    EINPROGRESS(115, "in progress"),
    ESTALE(116, "stale handle"),
    EUCLEAN(117, "structure needs cleaning"),
    EDQUOT(122, "quota exceeded"),
    ECANCELED(125, "canceled"),
    ENOKEY(126, "required key not available"),
    EKEYREJECTED(129, "key rejected"),
    ENOTSUPP(524, "operation not supported by the kernel"),
    LIBBPF_ERRNO__LIBELF(4000, "libelf can't read the object"),
    LIBBPF_ERRNO__FORMAT(4001, "not a valid BPF object"),
    LIBBPF_ERRNO__KVERSION(4002, "missing or wrong version section"),
    LIBBPF_ERRNO__ENDIAN(4003, "object of the other byte order"),
    LIBBPF_ERRNO__INTERNAL(4004, "internal error of libbpf"),
    LIBBPF_ERRNO__RELOC(4005, "relocation failed"),
    LIBBPF_ERRNO__LOAD(4006, "load failed for an unknown reason"),
    LIBBPF_ERRNO__VERIFY(4007, "rejected by the verifier"),
    LIBBPF_ERRNO__PROG2BIG(4008, "program too big"),
    LIBBPF_ERRNO__KVER(4009, "wrong kernel version"),
    LIBBPF_ERRNO__PROGTYPE(4010, "program type not supported by the kernel"),
    LIBBPF_ERRNO__WRNGPID(4011, "netlink message of another process"),
    LIBBPF_ERRNO__INVSEQ(4012, "netlink message out of sequence"),
    LIBBPF_ERRNO__NLPARSE(4013, "netlink message not understood");

    private static final Map<Integer, Errno> BY_NUMBER =
            Arrays.stream(values()).collect(Collectors.toMap(Errno::number, Function.identity()));

    private final int number;
    private final String text;

    Errno(int number, String text) {
        this.number = number;
        this.text = text;
    }

    int number() {
        return number;
    }

    /** The constant's name in C, or the number where it isn't known here. */
    static String nameOf(int number) {
        Errno errno = BY_NUMBER.get(number);
        return errno == null ? "errno " + number : errno.name();
    }

    /** What it means and its name, such as {@code permission denied (EACCES)}. */
    static String describe(int number) {
        Errno errno = BY_NUMBER.get(number);
        return errno == null ? "errno " + number : errno.text + " (" + errno.name() + ")";
    }
}
