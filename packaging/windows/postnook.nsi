; The installer of one user, without rights of an administrator. Built by packaging/windows/build:
; makensis -DVERSION=X.Y.Z -DSTAGE=FOLDER -DREMOVALS=FILE -DOUT=FILE
;
; /S installs without a question; so does the uninstaller, which then leaves the mail where it is.

Unicode true
ManifestDPIAware true
RequestExecutionLevel user
SetCompressor /SOLID lzma

!include FileFunc.nsh
!include LogicLib.nsh
!include MUI2.nsh
!include nsDialogs.nsh

!define UNINSTALL_KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\Postnook"
!define RUN_KEY "Software\Microsoft\Windows\CurrentVersion\Run"
!define DATA "$LOCALAPPDATA\Postnook" ; the default of data-dir

Name "Postnook"
OutFile "${OUT}"
InstallDir "$LOCALAPPDATA\Programs\Postnook"
InstallDirRegKey HKCU "${UNINSTALL_KEY}" "InstallLocation"

VIProductVersion "${VERSION}.0"
VIAddVersionKey ProductName "Postnook"
VIAddVersionKey FileDescription "Postnook ${VERSION}, installer"
VIAddVersionKey FileVersion "${VERSION}"
VIAddVersionKey ProductVersion "${VERSION}"
VIAddVersionKey LegalCopyright "MIT License"

!define MUI_WELCOMEPAGE_TEXT "Postnook keeps your mail on this computer and shows it to your mail \
programs. It is installed for you alone and needs no administrator.$\r$\n$\r$\nMail that Postnook \
keeps already stays as it is."
!define MUI_FINISHPAGE_TITLE "Postnook runs"
!define MUI_FINISHPAGE_TEXT "It starts each time that you log on. In your mail program, set up an \
IMAP account with the server localhost and the name and password that you chose.$\r$\n$\r$\n\
The guide says how, step by step; its commands are typed in the window 'Postnook commands' of the \
start menu."
!define MUI_FINISHPAGE_SHOWREADME "$INSTDIR\doc\GUIDE.txt"
!define MUI_FINISHPAGE_SHOWREADME_TEXT "Open the guide"
!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_INSTFILES
Page custom AccountPage AddAccount
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"

Var Name
Var Password
Var Again
Var NameField
Var PasswordField
Var AgainField

; Ends what runs from $INSTDIR, and waits until its files can be replaced. On the stack: "" or an
; error. The first asks the server to end its sessions and to close the mail properly.
!macro LOOK_AT FILE
  ClearErrors
  FileOpen $3 "${FILE}" a ; which Windows refuses while the program runs
  ${If} ${Errors}
    StrCpy $2 "in use"
  ${Else}
    FileClose $3
  ${EndIf}
!macroend
!macro STOP_FUNCTION UN
Function ${UN}StopPostnook
  ${IfNot} ${FileExists} "$INSTDIR\postnook.exe"
    Push ""
    Return
  ${EndIf}
  nsExec::Exec '"$INSTDIR\postnook-background.exe" --end'
  Pop $0
  nsExec::Exec '"$INSTDIR\postnook.exe" stop'
  Pop $0
  ${For} $1 1 150 ; half a minute
    StrCpy $2 ""
    !insertmacro LOOK_AT "$INSTDIR\postnook.exe"
    !insertmacro LOOK_AT "$INSTDIR\postnook-background.exe"
    ${If} $2 == ""
      Push ""
      Return
    ${EndIf}
    Sleep 200
  ${Next}
  Push "Postnook is still running, or its files are in use."
FunctionEnd
!macroend
!insertmacro STOP_FUNCTION ""
!insertmacro STOP_FUNCTION "un."

Section
  Call StopPostnook
  Pop $0
  ${If} $0 != ""
    SetErrorLevel 2
    MessageBox MB_OK|MB_ICONSTOP "$0 Nothing was changed. End it with 'postnook stop' and try again." /SD IDOK
    Abort "$0"
  ${EndIf}

  ; What another version has brought along and this one does not.
  Delete "$INSTDIR\*.dll"
  Delete "$INSTDIR\tls\*.dll"

  SetOutPath "$INSTDIR"
  File /r "${STAGE}/*"
  WriteUninstaller "$INSTDIR\Uninstall.exe"

  CreateDirectory "$SMPROGRAMS\Postnook"
  CreateShortcut "$SMPROGRAMS\Postnook\Postnook commands.lnk" "$SYSDIR\cmd.exe" \
    '/k "set PATH=$INSTDIR;%PATH%&cd /d %USERPROFILE%&postnook status"'
  CreateShortcut "$SMPROGRAMS\Postnook\Guide.lnk" "$INSTDIR\doc\GUIDE.txt"

  WriteRegStr HKCU "${RUN_KEY}" "Postnook" '"$INSTDIR\postnook-background.exe"'
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayName" "Postnook"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "Publisher" "The Postnook authors"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "UninstallString" '"$INSTDIR\Uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL_KEY}" "QuietUninstallString" '"$INSTDIR\Uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "NoRepair" 1
  ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "EstimatedSize" $0

  SetOutPath "$TEMP" ; what is started next must not hold the folder
  Exec '"$INSTDIR\postnook-background.exe"'
SectionEnd

; The first account. Later ones, and those of a silent installation, by 'postnook account add'.
Function AccountPage
  nsExec::ExecToStack '"$INSTDIR\postnook.exe" account list'
  Pop $0
  Pop $1
  ${If} $0 == 0
  ${AndIf} $1 != ""
    Abort ; there are some
  ${EndIf}
  !insertmacro MUI_HEADER_TEXT "Your account" "What your mail programs log in to Postnook with."
  nsDialogs::Create 1018
  Pop $0
  ${NSD_CreateLabel} 0 0 100% 24u "Choose a name and a password; they need not be those of any \
mail address. For other people add further accounts later, or leave all of this empty."
  Pop $0
  ${NSD_CreateLabel} 0 32u 30% 12u "Name"
  Pop $0
  ${NSD_CreateText} 30% 30u 60% 12u "$Name"
  Pop $NameField
  ${NSD_CreateLabel} 0 52u 30% 12u "Password"
  Pop $0
  ${NSD_CreatePassword} 30% 50u 60% 12u ""
  Pop $PasswordField
  ${NSD_CreateLabel} 0 72u 30% 12u "The same again"
  Pop $0
  ${NSD_CreatePassword} 30% 70u 60% 12u ""
  Pop $AgainField
  nsDialogs::Show
FunctionEnd

Function AddAccount
  ${NSD_GetText} $NameField $Name
  ${NSD_GetText} $PasswordField $Password
  ${NSD_GetText} $AgainField $Again
  ${If} $Name == ""
  ${AndIf} $Password == ""
    Return
  ${EndIf}
  ${If} $Password S!= $Again
    MessageBox MB_OK|MB_ICONEXCLAMATION "The two passwords differ."
    Abort
  ${EndIf}
  Call WritePassword
  nsExec::ExecToStack '"$INSTDIR\postnook.exe" account add "--password-file=$PLUGINSDIR\password" -- "$Name"'
  Pop $0
  Pop $1
  Delete "$PLUGINSDIR\password"
  ${If} $0 != 0
    MessageBox MB_OK|MB_ICONEXCLAMATION "$1"
    Abort
  ${EndIf}
FunctionEnd

; In UTF-8, in the installer's own temporary folder, for the moment until it is read.
Function WritePassword
  InitPluginsDir
  StrCpy $0 $Password
  System::Call 'kernel32::WideCharToMultiByte(i 65001, i 0, w r0, i -1, p 0, i 0, p 0, p 0) i .r1'
  System::Alloc $1
  Pop $2
  System::Call 'kernel32::WideCharToMultiByte(i 65001, i 0, w r0, i -1, p r2, i r1, p 0, p 0) i .r1'
  IntOp $1 $1 - 1 ; without the NUL
  FileOpen $3 "$PLUGINSDIR\password" w
  System::Call 'kernel32::WriteFile(p r3, p r2, i r1, *i .r4, p 0)'
  FileClose $3
  System::Free $2
FunctionEnd

Section Uninstall
  Call un.StopPostnook
  Pop $0
  ${If} $0 != ""
    SetErrorLevel 2
    MessageBox MB_OK|MB_ICONSTOP "$0 End it with 'postnook stop' and try again." /SD IDOK
    Abort "$0"
  ${EndIf}

  DeleteRegValue HKCU "${RUN_KEY}" "Postnook"
  DeleteRegKey HKCU "${UNINSTALL_KEY}"
  Delete "$SMPROGRAMS\Postnook\Postnook commands.lnk"
  Delete "$SMPROGRAMS\Postnook\Guide.lnk"
  RMDir "$SMPROGRAMS\Postnook"

  ; One by one: with /D= the folder may be one that has other things in it.
  !include "${REMOVALS}"
  Delete "$INSTDIR\Uninstall.exe"
  RMDir "$INSTDIR"

  ${If} ${FileExists} "${DATA}\*"
    MessageBox MB_YESNO|MB_ICONQUESTION|MB_DEFBUTTON2 "The program is removed. Your mail and \
settings are still in$\r$\n$\r$\n${DATA}$\r$\n$\r$\nDelete all mail in that folder too, for good?" \
      /SD IDNO IDNO keep
    RMDir /r "${DATA}"
  keep:
  ${EndIf}
SectionEnd
